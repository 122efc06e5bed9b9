import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { listSql, taggedSql } from '../tests/inbox_questions.ts';
import { percentile, type Figure } from './figure.ts';
import { loadVolume, type Volume } from './volume.ts';
import { LONG_THREAD } from './volume_messages.ts';

const runs = 300;
const warmUp = 20;

interface Question {
	name: string;
	/** Who asks: a supervisor reads everything, an agent what is theirs, their team's or nobody's. */
	who: 'supervisor' | 'agent';
	/** The statement; `run` varies what is asked for. With parameters it is prepared once, as PostgREST does. */
	sql: (volume: Volume, user: string, run: number) => Statement;
	/** Milliseconds that the README promises. */
	target: number;
	/** What it is compared with; the same without row security unless told otherwise. */
	bare?: { name: string; sql: Question['sql'] };
}

type Statement = string | { text: string; parameters: (string | number)[] };

const open = (volume: Volume, where = 'true', order?: string) =>
	listSql(volume.tenantId, `c.folder = 'open' and ${where}`, order);
const one = <Item>(items: Item[], run: number) => items[run % items.length] as Item;
const threadOf = (n: number, before = 1_000_000): Statement => ({
	text: `select * from public.thread_messages(md5('volume conversation ' || $1)::uuid, $2)`,
	parameters: [n, before]
});
/** The same of the table, for who needs no leave. */
const bareThreadOf = (tenantId: string, n: number, before = 1_000_000): Statement => ({
	text: `
		select * from public.messages
		where tenant_id = $1 and conversation_id = md5('volume conversation ' || $2)::uuid and seq < $3 order by seq desc limit 50`,
	parameters: [tenantId, n, before]
});
const cells = 'select count(*) from private.inbox_cells where tenant_id =';

const LISTS: Question[] = (['supervisor', 'agent'] as const).flatMap((who) => {
	const list = (name: string, sql: Question['sql']): Question => ({
		name: `list, ${name}, ${who}`,
		who,
		sql,
		target: 10
	});
	return [
		list('all', (volume) => open(volume)),
		list('mine', (volume, user) => open(volume, `c.assignee_id = '${user}'`)),
		list('unassigned', (volume) => open(volume, 'c.assignee_id is null')),
		list('a team', (volume, _, run) => open(volume, `c.team_id = '${one(volume.teamIds, run)}'`)),
		...(['snoozed', 'spam', 'closed'] as const).map((folder) =>
			list(folder, (volume) => listSql(volume.tenantId, `c.folder = '${folder}'`))
		),
		list('longest waiting', (volume) => open(volume, 'c.waiting_since is not null', 'c.waiting_since, c.id')),
		list('first due', (volume) => open(volume, 'c.sla_due_at is not null', 'c.sla_due_at, c.id')),
		list('most urgent', (volume) =>
			open(volume, 'c.priority > 0', 'c.priority desc, c.last_message_at desc, c.id desc')
		),
		list('filter by a common tag', (volume, _, run) =>
			taggedSql(volume.tenantId, one(volume.tagIds.slice(0, 4), run), `c.folder = 'open'`)
		),
		list('filter by a rare tag', (volume, _, run) =>
			taggedSql(volume.tenantId, one(volume.tagIds.slice(-2), run), `c.folder = 'open'`)
		),
		list('filter by high priority and waiting', (volume) =>
			open(volume, `c.priority >= 3 and c.waiting_since < now() - interval '1 hour'`)
		),
		list('a page 5,000 rows down', (volume) => open(volume, `c.last_message_at <= now() - interval '18 days'`))
	];
});

const OTHERS: Question[] = [
	...(['supervisor', 'agent'] as const).map((who): Question => {
		// What an agent opens is theirs.
		const opened = ({ conversations, agentIds }: Volume, user: string, run: number) =>
			who === 'supervisor'
				? 1 + ((run * 7_919) % conversations)
				: 10 * (agentIds.indexOf(user) + 500 * (run % Math.floor(conversations / 5_000)) || 500);
		return {
			name: `thread, newest 50, ${who}`,
			who,
			sql: (volume, user, run) => threadOf(opened(volume, user, run)),
			target: 5,
			bare: {
				name: 'the table, no row security',
				sql: (volume, user, run) => bareThreadOf(volume.tenantId, opened(volume, user, run))
			}
		};
	}),
	{
		name: `thread of ${LONG_THREAD.messages} messages, 50 from its middle, supervisor`,
		who: 'supervisor',
		sql: (_volume, _user, run) => threadOf(LONG_THREAD.conversation, 1_000 + run * 10),
		target: 5,
		bare: {
			name: 'the table, no row security',
			sql: ({ tenantId }, _, run) => bareThreadOf(tenantId, LONG_THREAD.conversation, 1_000 + run * 10)
		}
	},
	...(['supervisor', 'agent'] as const).map((who): Question => ({
		name: `counts of all views, ${who}`,
		who,
		sql: ({ tenantId }) => `select public.inbox_counts('${tenantId}')`,
		target: 20,
		bare: { name: 'counting the kept cells', sql: ({ tenantId }) => `${cells} '${tenantId}'` }
	}))
];

/** The inbox's hot queries at volume, under row security, each beside the same one without. */
export async function benchInbox(facts: Pick<StackFacts, 'db_url'>): Promise<Figure[]> {
	// Past triggers and foreign keys: only a superuser loads that much in minutes.
	const sql = postgres(facts.db_url.replace('//postgres:', '//supabase_admin:'), {
		max: 1,
		max_lifetime: null,
		onnotice: () => {}
	});
	try {
		return await measureInbox(sql, await loadVolume(sql));
	} finally {
		await sql.end();
	}
}

/** Asks each question `runs` times, for one person after another. */
export async function measureInbox(sql: postgres.Sql, volume: Volume): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const question of [...LISTS, ...OTHERS]) {
		const { who, bare } = question;
		const userOf = (run: number) => (who === 'supervisor' ? volume.supervisorId : one(volume.agentIds, run));
		const secured = await time(sql, (run) => question.sql(volume, userOf(run), run), userOf);
		const without = await time(sql, (run) => (bare ?? question).sql(volume, userOf(run), run), null);
		figures.push({
			name: `${question.name} (${volume.conversations / 1_000}k conversations, ${volume.messages / 1e6}M messages): p99`,
			value: percentile(secured, 0.99),
			unit: 'ms',
			target: question.target,
			limit: { name: bare?.name ?? 'same query, no row security', value: percentile(without, 0.99) },
			note: `p50 ${percentile(secured, 0.5).toFixed(2)} ms`
		});
	}
	return figures;
}

async function time(
	sql: postgres.Sql,
	statement: (run: number) => Statement,
	userOf: ((run: number) => string) | null
): Promise<number[]> {
	const samples: number[] = [];
	for (let run = 0; run < runs + warmUp; run++) {
		await sql.begin(async (transaction) => {
			if (userOf) {
				const claims = JSON.stringify({ sub: userOf(run), role: 'authenticated' });
				await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
			}
			const started = performance.now();
			const asked = statement(run);
			if (typeof asked === 'string') await transaction.unsafe(asked);
			else await transaction.unsafe(asked.text, asked.parameters, { prepare: true });
			if (run >= warmUp) samples.push(performance.now() - started);
		});
	}
	return samples;
}
