import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { queueLoad } from '../../outbox_load.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { loadVolume } from './volume.ts';

const database = useDatabase();
const channel = uuid('padaria channel');
const PEOPLE = 2_000;

beforeAll(async () => {
	await loadVolume(database);
	await queueLoad(database.owner, { channelId: channel, name: 'campaign', conversations: PEOPLE, each: 3, lane: 1 });
	// Whoever waits for the provider's pause to end, in great number, is not looked through.
	await database.owner`
		update private.outbox set due_at = now() + interval '1 hour'
		where conversation_id in (select md5('campaign conversation ' || n)::uuid from generate_series(1, ${PEOPLE / 2}::integer) n)`;
	await database.owner`analyze`;
}, 240_000);

/** Pages of 8 kB that a call of the worker's looks at in tables and indexes, once its plans are made. */
async function pagesOf(call: string): Promise<number> {
	const [row] = await database.owner.unsafe(`explain (analyze, buffers, format json, timing off) ${call}`).values();
	const plan = (row?.[0] as { Plan: Record<string, number> }[])[0]?.Plan ?? {};
	return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}

test('a turn of the outbox looks at what it takes, never at what was delivered or waits for a pause', async () => {
	const drain = randomUUID();
	await database.owner`select private.begin_drain(${channel}, 0, ${drain})`;
	interface Turn {
		claims: { attempt_id: string; conversation_id: string }[];
	}
	const turn = async (outcomes: object[], most: number) => {
		const [row] = await database.owner<{ turn: Turn }[]>`
			select private.turn_outbox(${channel}, 0, ${drain}, ${JSON.stringify(outcomes)}::text::jsonb, ${most}) as turn`;
		return row?.turn.claims ?? [];
	};
	const settled = (claims: Turn['claims']) =>
		claims.map((claim) => ({ ...claim, result: 'accepted', external_id: randomUUID() }));

	// Plans are made, generic ones among them, while there is much of everything.
	let claims = await turn([], 20);
	for (let n = 0; n < 8; n++) claims = await turn(settled(claims), 20);
	expect(claims).toHaveLength(20);

	const outcomes = JSON.stringify(settled(claims)).replaceAll("'", "''");
	const pages = await pagesOf(`select private.turn_outbox('${channel}', 0, '${drain}', '${outcomes}', 20)`);
	// Of 20 messages settled and 20 claimed, over 13 months' partitions: some 50 % over what it needs today.
	expect(pages).toBeLessThanOrEqual(6_000);
});
