import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { percentile, type Figure } from './figure.ts';
import { loadVolume, type Volume } from './volume.ts';

const runs = 100;

interface Question {
	name: string;
	who: 'supervisor' | 'agent';
	small?: boolean;
	ask: (run: number) => string;
}

const rare = (run: number) => word(4_000 + ((run * 131) % 15_000));
/** A word of the volume's list: see `fillMessages`. */
const word = (place: number) => places.get(place) ?? 'pedido';
const places = new Map<number, string>();

const QUESTIONS: Question[] = [
	{
		name: 'a common word',
		who: 'supervisor',
		ask: (run) => ['pedido', 'entrega', 'obrigado', 'promocao'][run % 4] ?? ''
	},
	{ name: 'a rare word', who: 'supervisor', ask: rare },
	{ name: 'two words, one being typed', who: 'supervisor', ask: (run) => `${word(20 + (run % 200))} ped` },
	{ name: 'a rare and a common word', who: 'supervisor', ask: (run) => `${rare(run)} bom` },
	{ name: 'two words seldom together', who: 'supervisor', ask: (run) => `${word(300 + run)} ${word(500 + run)}` },
	{ name: 'a phrase', who: 'supervisor', ask: () => '"bom dia"' },
	{ name: 'a phone fragment', who: 'supervisor', ask: (run) => String(10_000 + ((run * 7_919) % 89_999)) },
	{ name: 'a first name', who: 'supervisor', ask: (run) => ['maria', 'jose', 'conceicao', 'lucia'][run % 4] ?? '' },
	{ name: 'a whole name', who: 'supervisor', ask: (run) => `maria ${['silva', 'souza', 'araujo'][run % 3]}` },
	{ name: 'nothing like it', who: 'supervisor', ask: (run) => `zzyx${run}qqw` },
	{ name: 'a common word', who: 'agent', ask: (run) => ['pedido', 'entrega', 'obrigado', 'promocao'][run % 4] ?? '' },
	{ name: 'a rare word', who: 'agent', ask: rare },
	{ name: 'two words, one being typed', who: 'agent', ask: (run) => `${word(20 + (run % 200))} ped` },
	{ name: 'a common word, small company', who: 'supervisor', small: true, ask: () => 'pedido' },
	{ name: 'a rare word, small company', who: 'supervisor', small: true, ask: rare }
];

/** Search at volume, under one person's rights, beside reading 20 messages by their keys. */
export async function benchSearch(facts: Pick<StackFacts, 'db_url'>): Promise<Figure[]> {
	// Past triggers and foreign keys: only a superuser loads that much in minutes.
	const sql = postgres(facts.db_url.replace('//postgres:', '//supabase_admin:'), {
		max: 1,
		max_lifetime: null,
		onnotice: () => {}
	});
	try {
		return await measureSearch(sql, await loadVolume(sql));
	} finally {
		await sql.end();
	}
}

/** Asks each question `runs` times, each time with other words. */
export async function measureSearch(sql: postgres.Sql, volume: Volume): Promise<Figure[]> {
	const words = await sql<{ n: number; word: string }[]>`
		select n::integer, translate(substr(md5(n::text), 1, 5 + n % 5), '0123456789', 'aeiourstlm') as word from generate_series(13, 20000) n`;
	for (const { n, word: text } of words) places.set(n, text);
	const limit = await bare(sql, volume);
	const figures: Figure[] = [];
	for (const question of QUESTIONS) {
		const samples: number[] = [];
		let unfinished = 0;
		for (let run = 0; run < runs + 10; run++) {
			const user = question.who === 'supervisor' ? volume.supervisorId : (volume.agentIds[run % 40] ?? '');
			const tenant = question.small ? volume.smallTenantId : volume.tenantId;
			await sql.begin(async (transaction) => {
				const claims = JSON.stringify({ sub: user, role: 'authenticated' });
				await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
				const started = performance.now();
				const [row] = await transaction<{ found: { next: { id: string | null } | null } }[]>`
					select public.search_inbox(${tenant}, ${question.ask(run)}) as found`;
				if (run < 10) return;
				samples.push(performance.now() - started);
				if (row?.found.next && row.found.next.id === null) unfinished++;
			});
		}
		figures.push({
			name: `search: ${question.name}, ${question.who} (${volume.conversations / 1000}k conversations, ${volume.messages / 1e6}M messages): p99`,
			value: percentile(samples, 0.99),
			unit: 'ms',
			target: 150,
			limit: { name: '20 messages by key', value: limit },
			note: `p50 ${percentile(samples, 0.5).toFixed(1)} ms; ${unfinished} of ${runs} went on in a second call`
		});
	}
	return figures;
}

/** The lower limit: twenty messages of the newest month by their keys, one statement. */
async function bare(sql: postgres.Sql, { tenantId }: Volume): Promise<number> {
	const rows = await sql<{ id: string; created_at: string }[]>`
		select id, created_at::text from public.messages where tenant_id = ${tenantId} and created_at > now() - interval '20 days' limit 2000`;
	const samples: number[] = [];
	for (let run = 0; run < runs; run++) {
		const some = Array.from({ length: 20 }, (_, n) => rows[(run * 20 + n) % rows.length]);
		const started = performance.now();
		await sql`
			select m.* from unnest(${some.map((row) => row?.id ?? '')}::uuid[], ${some.map((row) => row?.created_at ?? '')}::timestamptz[]) k (id, at)
			join public.messages m on m.tenant_id = ${tenantId} and m.id = k.id and m.created_at = k.at`;
		samples.push(performance.now() - started);
	}
	return percentile(samples, 0.99);
}
