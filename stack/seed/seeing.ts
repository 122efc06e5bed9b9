import type { TransactionSql } from 'postgres';
import { withoutBroadcasts } from './insert.ts';
import type { Random } from './random.ts';

interface Known {
	/** Values of the company's own attributes of a person, one of each list by turns. */
	attributes: Record<string, readonly string[]>;
	tags: readonly string[];
	notes: readonly string[];
	summary: string;
	points: { label: string; value: string }[];
}

/** Nobody watches yet. */
const SILENT = ['conversations', 'messages', 'message_translations', 'conversation_summaries'];

const known: Record<string, Known> = {
	padaria: {
		attributes: {
			birthday: ['1987-03-14', '1994-08-02', '1979-12-25', '2001-05-30'],
			diet: ['Sem glúten', 'Sem lactose', 'Vegano']
		},
		tags: ['Cliente VIP'],
		notes: ['Pediu no balcão para receber as promoções.', 'Assinou a lista na feira do bairro.', 'Disse por telefone.'],
		summary:
			'Cliente de anos que encomenda pães para a família. Pergunta por horários e prazos, costuma retirar no balcão e responde rápido.',
		points: [
			{ label: 'Quer', value: 'Encomenda para o fim de semana' },
			{ label: 'Prefere', value: 'Retirar no balcão' }
		]
	},
	oficina: {
		attributes: {
			plate: ['BRA2E19', 'FQX4J77', 'KLM8C02', 'RTY5D31'],
			model: ['Onix 1.0 2021', 'HB20 2019', 'Strada 2022', 'Corolla 2018']
		},
		tags: [],
		notes: ['Aceitou receber lembretes de revisão.', 'Disse na recepção.'],
		summary: 'Cliente com revisão em andamento. Já aprovou o orçamento e espera o carro até o fim da semana.',
		points: [
			{ label: 'Quer', value: 'Prazo de entrega' },
			{ label: 'Orçamento', value: 'Aprovado' }
		]
	}
};

/** What is known of people beside their messages: addresses, attributes, tags, consents, and what the workers wrote of conversations. */
export async function seedSeeing(
	sql: TransactionSql,
	slug: string,
	tenantId: string,
	agents: { id: string }[],
	random: Random
): Promise<void> {
	const of = known[slug];
	if (!of) return;
	await withoutBroadcasts(sql, SILENT, async () => {
		const people = await sql<{ id: string; name: string; created_at: Date }[]>`
			select id, name, created_at from public.contacts where tenant_id = ${tenantId} order by created_at, id`;
		const tags = await sql<{ id: string }[]>`
			select id from public.tags where tenant_id = ${tenantId} and name = any (${[...of.tags]})`;
		for (const [index, person] of people.entries()) {
			if (index % 3 !== 2) await tellOf(sql, person, index, of, tags);
			if (index % 4 !== 3) await allow(sql, tenantId, person, agents[index % agents.length]?.id ?? '', of, random);
		}
		await write(sql, tenantId, of);
	});
}

async function tellOf(
	sql: TransactionSql,
	person: { id: string; name: string },
	index: number,
	{ attributes }: Known,
	tags: { id: string }[]
): Promise<void> {
	const values = Object.fromEntries(
		Object.entries(attributes).flatMap(([key, choices], place) =>
			(index + place) % 3 === 0 ? [] : [[key, choices[index % choices.length] ?? '']]
		)
	);
	const address = person.name
		.normalize('NFD')
		.replaceAll(/[^A-Za-z ]/g, '')
		.trim()
		.toLowerCase()
		.replaceAll(/ +/g, '.');
	await sql`
		update public.contacts
		set
			email = ${index % 2 === 0 && address !== '' ? `${address}@exemplo.com.br` : null},
			language = ${index % 5 === 0 ? 'pt' : null},
			attributes = ${JSON.stringify(values)}::text::jsonb,
			tag_ids = ${index % 6 === 0 ? tags.map(({ id }) => id) : []}
		where id = ${person.id}`;
}

/** Most have been asked; some have thought better of it since. */
async function allow(
	sql: TransactionSql,
	tenantId: string,
	person: { id: string; created_at: Date },
	agent: string,
	{ notes }: Known,
	random: Random
): Promise<void> {
	const say = async (purpose: string, state: string, days: number, channel: string | null) => {
		const at = new Date(Math.min(person.created_at.getTime() + days * 86_400_000, Date.now() - 60_000));
		const said = {
			purpose,
			state,
			channel_type: channel,
			source: 'member',
			note: state === 'granted' ? random.pick([...notes]) : '',
			occurred_at: at.toISOString()
		};
		await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: agent, role: 'authenticated' })}, true)`;
		await sql`select private.add_consent(${tenantId}, ${person.id}, ${JSON.stringify(said)}::text::jsonb)`;
		await sql`select set_config('request.jwt.claims', '', true)`;
	};
	await say('marketing', random.chance(0.8) ? 'granted' : 'denied', 0.1, null);
	if (random.chance(0.3)) await say('survey', 'granted', 0.2, 'whatsapp');
	if (random.chance(0.15)) await say('marketing', 'withdrawn', 9, 'whatsapp');
}

/** What an assistant will write: a summary of the busiest open conversations, and one question in English with its translation. */
async function write(sql: TransactionSql, tenantId: string, { summary, points }: Known): Promise<void> {
	await sql`
		select private.keep_summary(c.tenant_id, c.id, 'pt', ${summary}, ${JSON.stringify(points)}::text::jsonb, greatest(c.last_seq - 1, 0), 'demo')
		from (
			select * from public.conversations
			where tenant_id = ${tenantId} and status = 'open' and last_seq > 3
			order by last_message_at desc, id limit 2
		) c`;
	await sql`
		with asked as (
			select m.tenant_id, m.id, m.body
			from public.messages m
			join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
			where m.tenant_id = ${tenantId} and m.direction = 'in' and m.kind = 'text' and c.status = 'open' and m.sent_at < c.preview_at - interval '1 second'
			order by m.sent_at, m.id limit 1
		),
		turned as (
			update public.messages m
			set
				body = 'Hi! Do you take cards, and until what time are you open today?',
				content = m.content || '{"text": "Hi! Do you take cards, and until what time are you open today?"}'
			from asked a
			where m.tenant_id = a.tenant_id and m.id = a.id
			returning m.tenant_id, m.id, a.body
		)
		select private.keep_translation(t.tenant_id, t.id, 'pt', 'en', 'Oi! Vocês aceitam cartão, e até que horas estão abertos hoje?', 'demo')
		from turned t`;
}
