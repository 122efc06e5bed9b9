import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase, type Database } from '../../tests/database/database.ts';
import { NUMBERS } from '../../tests/database/people.ts';
import { startDoor, type RunningDoor } from './process.testing.ts';

const FOLDERS = ['../../core/fixtures/whatsapp/', '../../../shared/fixtures/whatsapp/inbound/']
	.map((path) => fileURLToPath(new URL(path, import.meta.url)))
	.filter((folder) => existsSync(folder));

/** Every body we have, all sent to the bakery's number where they name any. */
const bodies = FOLDERS.flatMap((folder) =>
	readdirSync(folder).map((file) =>
		readFileSync(folder + file, 'utf8').replace(
			/"phone_number_id":\s*"[^"]*"/g,
			`"phone_number_id":"${NUMBERS.padaria}"`
		)
	)
);

const inOrder = useDatabase();
const shuffled = useDatabase();
const backwards = useDatabase();
const doors: RunningDoor[] = [];

beforeAll(async () => {
	for (const database of [inOrder, shuffled, backwards]) doors.push(await startDoor(database.url('prosa_door')));
});
afterAll(() => Promise.all(doors.map((door) => door.stop())));

test('every payload, in any order, repeated and all at once, leaves the same rows', async () => {
	const [one, two, three] = doors as [RunningDoor, RunningDoor, RunningDoor];
	for (const body of bodies) expect((await one.post(body)).status).toBe(200);

	const [order] = fc.sample(fc.shuffledSubarray([...bodies, ...bodies, ...bodies], { minLength: bodies.length * 3 }), {
		numRuns: 1,
		seed: 7
	});
	for (let at = 0; at < (order?.length ?? 0); at += 40) {
		const answers = await Promise.all((order ?? []).slice(at, at + 40).map((body) => two.post(body)));
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
	}

	for (const body of bodies.toReversed()) expect((await three.post(body)).status).toBe(200);

	const expected = await rows(inOrder);
	expect(expected.failed).toEqual([]);
	expect(expected.messages.length).toBeGreaterThan(70);
	expect.soft(await rows(backwards)).toEqual(expected);
	expect.soft(await rows(shuffled)).toEqual(expected);
});

/** What is in the database, without what must differ: our own ids, arrival times and places in the thread. */
async function rows({ owner }: Database) {
	const person = owner`(
		select string_agg(i.kind || ':' || i.value, ' ' order by i.kind, i.value)
		from contact_identities i
		where i.contact_id = c.contact_id
	)`;
	return {
		messages: await owner`
			select c.external_id, ${person} as person, c.direction, c.author, c.kind, c.content, c.body, c.sent_at, c.status, c.error, c.target_external_id,
				c.counts_unread, c.edited_at, c.revoked_at
			from messages c order by c.external_id collate "C", c.kind`,
		contacts: await owner`
			select ${person} as person, c.name, c.username, c.phone, c.marketing_opt_out
			from (select id as contact_id, * from contacts) c order by 1`,
		conversations: await owner`
			select ${person} as person, c.status, c.last_seq, c.unread_count, c.preview, c.preview_kind, c.preview_direction,
				c.last_inbound_at, c.window_expires_at, c.is_history
			from conversations c order by 1, c.is_history`,
		events: await owner`
			select m.external_id, e.type, e.occurred_at, e.detail
			from message_events e join messages m on m.id = e.message_id order by 1, 2, 3`,
		account: await owner`select field, payload, occurred_at from channel_events order by 1, payload::text collate "C"`,
		failed: await owner`select error, failed_events from webhook_events where status = 'failed'`
	};
}
