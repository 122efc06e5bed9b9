import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import type { Figure } from './figure.ts';
import { runLoad } from './socket_load.ts';
import { messageBody, newWamid, phone, signedRequest, statusBody } from './webhooks.ts';

const MESSAGES = 4_000;
const PEOPLE = 1_000;
const CONNECTIONS = 64;

const media = (i: number) => ({ id: String(900_000_000_000 + i), mime_type: 'image/jpeg', sha256: 'c2hhMjU2' });

/** One message of each kind, as Meta words it. `known` is a message of that person that is there already. */
const KINDS: Record<string, (i: number, known: string) => object> = {
	text: (i) => ({ type: 'text', text: { body: `Bom dia! Tem pão de queijo hoje? (${i})` } }),
	image: (i) => ({ type: 'image', image: { ...media(i), caption: 'olha' } }),
	voice: (i) => ({ type: 'audio', audio: { ...media(i), mime_type: 'audio/ogg; codecs=opus', voice: true } }),
	sticker: (i) => ({ type: 'sticker', sticker: { ...media(i), mime_type: 'image/webp', animated: false } }),
	location: () => ({ type: 'location', location: { latitude: -23.55, longitude: -46.63, name: 'Padaria' } }),
	contacts: () => ({
		type: 'contacts',
		contacts: [{ name: { formatted_name: 'Ana' }, phones: [{ phone: '+5511987650001' }] }]
	}),
	interactive: (i) => ({
		type: 'interactive',
		interactive: { type: 'button_reply', button_reply: { id: `b${i}`, title: 'Sim' } }
	}),
	reply: (_, known) => ({ type: 'text', text: { body: 'esse mesmo' }, context: { from: '551130030001', id: known } }),
	reaction: (_, known) => ({ type: 'reaction', reaction: { message_id: known, emoji: '👍' } })
};

/** Webhooks a second through gateway and door until committed, kind by kind, beside bare inserts of the same bodies. */
export async function benchDoorKinds(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 8, onnotice: () => {} });
	try {
		const known = Array.from({ length: PEOPLE }, newWamid);
		await through(
			facts,
			known.map((wamid, i) => messageBody(facts, phone(i, PEOPLE), { type: 'text', text: { body: 'oi' } }, wamid))
		);

		const figures: Figure[] = [];
		for (const [kind, message] of Object.entries(KINDS)) {
			const bodies = Array.from({ length: MESSAGES }, (_, i) =>
				messageBody(facts, phone(i * 7919, PEOPLE), message(i, known[(i * 7919) % PEOPLE] ?? ''))
			);
			const before = await count(sql, 'messages');
			const seconds = await through(facts, bodies);
			const committed = (await count(sql, 'messages')) - before;
			if (committed !== MESSAGES) throw new Error(`${MESSAGES} ${kind} were answered 200 and ${committed} stand there`);
			figures.push(await beside(sql, `door: ${kind}`, seconds, bodies));
		}

		const bodies = await statuses(sql, facts);
		const before = await count(sql, 'message_events');
		const seconds = await through(facts, bodies);
		const committed = (await count(sql, 'message_events')) - before;
		if (committed !== bodies.length)
			throw new Error(`${bodies.length} statuses were answered 200 and ${committed} stand there`);
		figures.push(await beside(sql, 'door: status with its price, ledger included', seconds, bodies));
		return figures;
	} finally {
		await sql.end();
	}
}

/** Sent and delivered, with their price, of messages that the number has sent. */
async function statuses(sql: postgres.Sql, facts: StackFacts): Promise<string[]> {
	const sent = await sql<{ external_id: string; phone: string }[]>`
		with thread as (
			select c.*, p.phone
			from public.conversations c
			join public.channels n on n.id = c.channel_id
			join public.contacts p on p.id = c.contact_id
			where n.phone_number_id = ${facts.whatsapp.phone_number_id} and c.status = 'open' and p.phone is not null
			order by c.id
			limit ${MESSAGES / 2}
		),
		moved as (
			update public.conversations c set last_seq = c.last_seq + 1 from thread where c.id = thread.id
		),
		message as (
			insert into public.messages (
				tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, external_id, status
			)
			select tenant_id, id, contact_id, channel_id, last_seq + 1, 'out', 'agent', 'text', '{"kind": "text", "text": "oi"}', 'oi',
				'wamid.bench' || gen_random_uuid(), 'sending'
			from thread
			returning *
		),
		key as (
			insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
			select channel_id, external_id, tenant_id, id, created_at, id from message
		)
		select message.external_id, thread.phone from message join thread on thread.id = message.conversation_id`;
	const pricing = { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' };
	return sent.flatMap(({ external_id, phone }) =>
		['sent', 'delivered'].map((status) => statusBody(facts, phone, external_id, { status, pricing }))
	);
}

async function through(facts: StackFacts, bodies: string[]): Promise<number> {
	const url = new URL(facts.api_url);
	const requests = bodies.map((body) => signedRequest(facts, body)).reverse();
	const result = await runLoad({
		host: url.hostname,
		port: Number(url.port),
		connections: CONNECTIONS,
		next: () => requests.pop() ?? null
	});
	if (result.statuses[200] !== bodies.length)
		throw new Error(`not all webhooks were answered 200: ${JSON.stringify(result.statuses)}`);
	return result.seconds;
}

async function beside(sql: postgres.Sql, name: string, seconds: number, bodies: string[]): Promise<Figure> {
	await sql`drop table if exists private.bench_inserts`;
	await sql`create table private.bench_inserts (id bigint generated always as identity primary key, body text not null, at timestamptz not null default now())`;
	const waiting = [...bodies];
	const started = performance.now();
	await Promise.all(
		Array.from({ length: 8 }, async () => {
			for (let body = waiting.pop(); body !== undefined; body = waiting.pop())
				await sql`insert into private.bench_inserts (body) values (${body})`;
		})
	);
	const bare = bodies.length / ((performance.now() - started) / 1000);
	await sql`drop table private.bench_inserts`;
	return {
		name,
		value: bodies.length / seconds,
		unit: '/s',
		limit: { name: 'bare inserts, 8 connections', value: bare }
	};
}

const count = async (sql: postgres.Sql, table: string) =>
	Number((await sql<[{ count: string }]>`select count(*) from public.${sql(table)}`)[0].count);
