import { PLANS } from '@prosa/core/sql/plans.ts';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { publishFlow } from '../flows/bots.ts';
import { uuid } from '../people.ts';
import { customerWrites } from '../threads.ts';

const database = useDatabase();
const RUNS = 5_000;

let sql: postgres.Sql;
let flow: string;
let id: string;

/** Pages of 8 kB that a statement looks at, with all that it calls. */
async function pagesOf(statement: string): Promise<number> {
	const [row] = await sql.unsafe(`explain (analyze, buffers, format json, timing off) ${statement}`).values();
	const plan = (row?.[0] as { Plan: Record<string, number> }[])[0]?.Plan ?? {};
	return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}

const asks = () => ({
	nobodys: pagesOf(`select private.is_nobodys(c) from public.conversations c where c.id = '${id}'`),
	reading: pagesOf(`select private.read_flow('${id}')`),
	called: pagesOf(`select private.call_flows(array['${id}']::uuid[])`),
	// Nothing that is taken stands here: it is another's, or not due.
	taken: pagesOf(`select private.take_flow_wakes(25)`)
});

async function pages() {
	const { nobodys, reading, called, taken } = asks();
	return { nobodys: await nobodys, reading: await reading, called: await called, taken: await taken };
}

beforeAll(async () => {
	flow = await publishFlow(database, { nodes: [{ id: 'm', type: 'message', text: 'Oi' }], lines: ['s > m'] }, [
		{ type: 'keyword', words: ['volume'], match: 'whole' }
	]);
	({ id } = await customerWrites(database, 'volume'));
	// One connection, as a worker's: its plans are made while a company has hardly run anything, and kept.
	sql = postgres(database.url('postgres'), { max: 1, connection: PLANS, onnotice: () => {} });
}, 60_000);
afterAll(() => sql.end());

test('plans made while a company was new find a conversation’s run by the conversation when it has run thousands', async () => {
	for (let turn = 0; turn < 3; turn++) await pages();
	const before = await pages();

	await database.owner`
		insert into public.contacts (id, tenant_id, name)
		select md5('volume contact ' || n)::uuid, ${uuid('padaria')}, 'Cliente ' || n from generate_series(1, ${RUNS}::integer) n`;
	await database.owner`
		insert into public.conversations (id, tenant_id, contact_id, channel_id, owner)
		select md5('volume conversation ' || n)::uuid, ${uuid('padaria')}, md5('volume contact ' || n)::uuid, ${uuid('padaria channel')}, 'bot'
		from generate_series(1, ${RUNS}::integer) n`;
	await database.owner`
		insert into public.flow_runs (tenant_id, conversation_id, flow_id, version_id, pins, cursor, owner_epoch)
		select ${uuid('padaria')}, md5('volume conversation ' || n)::uuid, f.id, f.published_version_id, '{}', 0, 0
		from generate_series(1, ${RUNS}::integer) n
		join public.flows f on f.id = ${flow}`;
	await database.owner`
		insert into private.flow_wakes (conversation_id, tenant_id, due_at)
		select md5('volume conversation ' || n)::uuid, ${uuid('padaria')}, now() + interval '1 hour' from generate_series(1, ${RUNS}::integer) n`;

	const after = await pages();
	// Deeper trees, and nothing else.
	for (const [name, count] of Object.entries(after))
		expect(count, `${name}, ${before[name as keyof typeof before]} before`).toBeLessThanOrEqual(
			before[name as keyof typeof before] + 40
		);
});
