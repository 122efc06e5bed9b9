import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Identity, Message } from '../../core/src/whatsapp/events.ts';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid, type Person } from './people.ts';
import { brokenThreads } from './receiving/ledger.ts';
import { answer, claim, refusal } from './threads.ts';

const database = useDatabase();

interface Merge {
	id: string;
	kept_id: string;
	gone_id: string;
	evidence: unknown;
	parted_at: string | null;
}

let people = 0;
/** Somebody nobody has heard of: a phone, or a user id alone. */
function somebody(kind: 'phone' | 'bsuid' = 'phone'): Identity {
	const n = String(++people).padStart(4, '0');
	const value = kind === 'phone' ? `55119870${n}0` : `BR.${n}`;
	return { kind, value, address: value };
}
const write = (by: Identity[], text: string, more: Partial<Message> = {}) =>
	receive(database.door, [
		delivery([textFrom('', text, { identities: by, name: `Nome de ${by[0]?.value}`, sent_at: second(), ...more })])
	]);
/** Whole seconds, as the provider's clock has them; each message a second later than the last. */
let clock = Date.now() - 3_600_000;
const second = () => `${new Date((clock += 1000)).toISOString().slice(0, 19)}Z`;

async function contactOf({ value }: Identity): Promise<string> {
	const [row] = await database.owner<{ contact_id: string }[]>`
		select contact_id from public.contact_identities where tenant_id = ${uuid('padaria')} and value = ${value}`;
	if (!row) throw new Error(`nobody is ${value}`);
	return row.contact_id;
}
async function merge(person: Person, keep: string, gone: string): Promise<Merge> {
	const [row] = await database.as(person, (sql) => sql<Merge[]>`select * from public.merge_contacts(${keep}, ${gone})`);
	if (!row) throw new Error('merge_contacts gave no row');
	return row;
}
async function part(person: Person, id: string): Promise<Merge> {
	const [row] = await database.as(person, (sql) => sql<Merge[]>`select * from public.part_contacts(${id})`);
	if (!row) throw new Error('part_contacts gave no row');
	return row;
}
async function mergesOf(contactId: string): Promise<Merge[]> {
	return database.owner<Merge[]>`
		select * from public.contact_merges where kept_id = ${contactId} order by position`;
}
/** Everything known of these contacts, but for when a row was last touched. */
async function everythingOf(contactIds: string[]): Promise<unknown> {
	const rows = async (table: string, column: string, order: string) =>
		database.owner.unsafe(
			`select (to_jsonb(t) - 'updated_at' - 'away_check_at' - 'is_followed')::text as row from public.${table} t where ${column} = any ($1) order by ${order}`,
			[contactIds]
		);
	return {
		contacts: await rows('contacts', 'id', 'id'),
		identities: await rows('contact_identities', 'contact_id', 'kind, value'),
		conversations: await rows('conversations', 'contact_id', 'id'),
		messages: await rows('messages', 'contact_id', 'conversation_id, seq')
	};
}
async function threadOf(identity: Identity): Promise<string> {
	const [row] = await database.owner<{ id: string }[]>`
		select id from public.conversations where contact_id = ${await contactOf(identity)} order by created_at desc limit 1`;
	return row?.id ?? '';
}
/** What is said in each thread of a person, oldest thread first. */
async function saidBy(identity: Identity): Promise<string[][]> {
	const rows = await database.owner<{ bodies: string[] }[]>`
		select array_agg(m.body order by m.seq) as bodies
		from public.conversations c
		join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
		where c.contact_id = ${await contactOf(identity)} and m.contact_id = c.contact_id and not m.is_private
		group by c.id
		order by min(m.created_at)`;
	return rows.map(({ bodies }) => bodies);
}

const steps = fc.array(
	fc.record({
		who: fc.constantFrom(0, 1),
		does: fc.constantFrom(
			'writes',
			'writes',
			'writes',
			'reacts',
			'is answered',
			'is read',
			'is closed',
			'is renamed',
			'is noted',
			'is snoozed'
		)
	}),
	{ minLength: 2, maxLength: 14 }
);

test('merged and parted again, two contacts have the very rows they had', async () => {
	await fc.assert(
		fc.asyncProperty(steps, fc.boolean(), fc.boolean(), async (story, byPhone, turned) => {
			const both = [somebody('phone'), somebody(byPhone ? 'phone' : 'bsuid')];
			for (const [n, by] of both.entries()) await write([by], `começo ${n}`);
			for (const { who, does } of story) {
				const by = both[who] as Identity;
				const thread = await threadOf(by);
				if (does === 'writes') await write([by], randomUUID());
				if (does === 'reacts') await write([by], '👍', { kind: 'reaction', counts_unread: false });
				if (does === 'is answered') await answer(database, 'ana', thread).catch(() => undefined);
				if (does === 'is read') await database.as('ana', (sql) => sql`select public.mark_read(${thread}, 2)`);
				if (does === 'is closed') await database.as('ana', (sql) => sql`select public.close_conversation(${thread})`);
				if (does === 'is noted') {
					await database.as(
						'ana',
						(sql) => sql`select public.add_note(${thread}, ${randomUUID()}, '{"text": "nota"}')`
					);
				}
				if (does === 'is snoozed') {
					await database
						.as('ana', (sql) => sql`select public.snooze_conversation(${thread}, 'infinity')`)
						.catch(() => undefined);
				}
				if (does === 'is renamed') {
					const id = await contactOf(by);
					await database.as('ana', (sql) => sql`update public.contacts set name = 'Digitado' where id = ${id}`);
				}
			}
			const ids = [await contactOf(both[0] as Identity), await contactOf(both[1] as Identity)];
			const before = await everythingOf(ids);
			const [keep, gone] = turned ? [ids[1], ids[0]] : ids;
			const made = await merge('sofia', String(keep), String(gone));
			expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
			await part('sofia', made.id);
			expect(await everythingOf(ids)).toEqual(before);
		}),
		{ numRuns: 40 }
	);
});

test('whatever happens between a merge and its parting, each one’s words are with them, and no thread is broken', async () => {
	const later = fc.array(
		fc.record({
			who: fc.constantFrom(0, 1),
			does: fc.constantFrom('writes', 'writes', 'writes', 'reacts', 'is read', 'is closed', 'learns an address')
		}),
		{ maxLength: 12 }
	);
	await fc.assert(
		fc.asyncProperty(steps, later, async (before, after) => {
			const both: [Identity, Identity] = [somebody('phone'), somebody('bsuid')];
			const said: [string[], string[]] = [[], []];
			const speak = async (who: number, beside: Identity[] = []) => {
				const words = randomUUID();
				said[who as 0 | 1].push(words);
				await write([both[who as 0 | 1], ...beside], words);
			};
			await speak(0);
			await speak(1);
			const act = async ({ who, does }: { who: number; does: string }) => {
				const by = both[who as 0 | 1];
				const thread = await threadOf(by);
				if (does === 'writes') await speak(who);
				if (does === 'learns an address') await speak(who, [somebody('bsuid')]);
				if (does === 'reacts') await write([by], '👍', { kind: 'reaction', counts_unread: false });
				if (does === 'is read') await database.as('ana', (sql) => sql`select public.mark_read(${thread}, 3)`);
				if (does === 'is closed') await database.as('ana', (sql) => sql`select public.close_conversation(${thread})`);
				if (does === 'is noted') {
					await database.as(
						'ana',
						(sql) => sql`select public.add_note(${thread}, ${randomUUID()}, '{"text": "nota"}')`
					);
				}
				if (does === 'is snoozed') {
					await database
						.as('ana', (sql) => sql`select public.snooze_conversation(${thread}, 'infinity')`)
						.catch(() => undefined);
				}
			};
			for (const step of before) await act(step);
			const made = await merge('ana', await contactOf(both[0]), await contactOf(both[1]));
			for (const step of after) await act(step);
			await part('ana', made.id);
			for (const who of [0, 1] as const) {
				const words = (await saidBy(both[who])).flat().filter((body) => body !== '👍');
				expect(words.toSorted()).toEqual(said[who].toSorted());
			}
			expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
		}),
		{ numRuns: 30 }
	);
});

test('what is said after a merge stays with the address it came from', async () => {
	const [lucia, rita] = [somebody(), somebody()];
	await write([lucia], 'L1');
	await write([rita], 'R1');
	await write([lucia], 'L2');
	const made = await merge('ana', await contactOf(lucia), await contactOf(rita));
	await write([rita], 'R2');
	await answer(database, 'ana', await threadOf(lucia), 'para R');
	await write([lucia], 'L3');
	await answer(database, 'ana', await threadOf(lucia), 'para L');
	expect(await saidBy(rita)).toEqual([['L1', 'L2', 'R1', 'R2', 'para R', 'L3', 'para L']]);
	await part('ana', made.id);

	expect(await saidBy(lucia)).toEqual([['L1', 'L2', 'L3', 'para L']]);
	expect(await saidBy(rita)).toEqual([['R1', 'R2', 'para R']]);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
	// Both answers wait still, each for whom it was written to.
	expect(await claim(database, await threadOf(lucia))).toMatchObject({ to: lucia.address });
	expect(await claim(database, await threadOf(rita))).toMatchObject({ to: rita.address });
});

test('a thread begun after the merge goes to whoever began it, and the other takes what is theirs along', async () => {
	const [lucia, rita] = [somebody(), somebody()];
	await write([lucia], 'L1');
	await write([rita], 'R1');
	const made = await merge('ana', await contactOf(lucia), await contactOf(rita));
	await database.as('ana', async (sql) => sql`select public.close_conversation(${await threadOf(lucia)})`);
	await write([rita], 'R2');
	await write([lucia], 'L2');
	await write([rita], 'R3');
	await part('ana', made.id);
	expect(await saidBy(lucia)).toEqual([['L1'], ['L2']]);
	expect(await saidBy(rita)).toEqual([['R1'], ['R2', 'R3']]);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('an address learned after the merge goes with the one it was named beside', async () => {
	const [lucia, rita, user] = [somebody(), somebody(), somebody('bsuid')];
	await write([lucia], 'L1');
	await write([rita], 'R1');
	const made = await merge('ana', await contactOf(lucia), await contactOf(rita));
	await write([rita, user], 'R2');
	await write([user], 'R3');
	await part('ana', made.id);
	expect(await contactOf(user)).toBe(await contactOf(rita));
	expect(await saidBy(rita)).toEqual([['R1', 'R2', 'R3']]);
	expect(await saidBy(lucia)).toEqual([['L1']]);
});

test('a merge that a webhook made is written down with its evidence, and can be parted', async () => {
	const [phone, user] = [somebody(), somebody('bsuid')];
	await write([phone], 'por telefone');
	await write([user], 'por nome de usuário');
	await write([phone, user], 'sou eu');
	const [made] = await mergesOf(await contactOf(phone));
	expect(made).toMatchObject({ evidence: { identities: [phone, user] }, merged_by: null });
	await part('sofia', String(made?.id));
	expect(await saidBy(phone)).toEqual([['por telefone', 'sou eu']]);
	expect(await saidBy(user)).toEqual([['por nome de usuário']]);
});

test('parted contacts stay parted: old evidence moves nothing, newer evidence moves the number alone', async () => {
	const [phone, user] = [somebody(), somebody('bsuid')];
	await write([phone], 'P1');
	await write([user], 'U1');
	await write([phone, user], 'sou eu');
	const [made] = await mergesOf(await contactOf(phone));
	await part('sofia', String(made?.id));
	const owner = await contactOf(phone);

	await write([phone, user], 'atrasada', { sent_at: second() });
	expect(await contactOf(phone)).toBe(owner);
	expect(await contactOf(user)).not.toBe(owner);
	expect(await saidBy(user)).toEqual([['U1', 'atrasada']]);

	const later = new Date(Date.now() + 60_000).toISOString();
	await write([phone, user], 'o número agora é meu', { sent_at: later });
	expect(await contactOf(phone)).toBe(await contactOf(user));
	expect(await contactOf(user)).not.toBe(owner);
	expect(await saidBy(user)).toEqual([['U1', 'atrasada', 'o número agora é meu']]);
	const [before] = await database.owner`select phone from public.contacts where id = ${owner}`;
	expect(before).toEqual({ phone: null });
});

test('of several merges the newest is parted first', async () => {
	const [one, two, three] = [somebody(), somebody(), somebody()];
	for (const by of [one, two, three]) await write([by], by.value);
	const ids = [await contactOf(one), await contactOf(two), await contactOf(three)] as [string, string, string];
	const before = await everythingOf(ids);
	const first = await merge('ana', ids[0], ids[1]);
	const second = await merge('ana', ids[2], ids[0]);
	expect(await refusal(part('ana', first.id))).toBe('409 merge_not_last');
	await part('ana', second.id);
	await part('ana', first.id);
	expect(await everythingOf(ids)).toEqual(before);
});

test('parting twice changes nothing the second time', async () => {
	const [one, two] = [somebody(), somebody()];
	await write([one], 'um');
	await write([two], 'dois');
	const made = await merge('ana', await contactOf(one), await contactOf(two));
	const parted = await part('ana', made.id);
	await write([two], 'depois');
	expect((await part('sofia', made.id)).parted_at).toEqual(parted.parted_at);
	expect(await saidBy(two)).toEqual([['dois', 'depois']]);
});

test('merging and parting are a supervisor’s, within one company, and two different contacts', async () => {
	const [one, two] = [somebody(), somebody()];
	await write([one], 'um');
	await write([two], 'dois');
	const [keep, gone] = [await contactOf(one), await contactOf(two)];
	expect(await refusal(merge('caio', keep, gone))).toBe('403 not_allowed');
	expect(await refusal(merge('bruno', keep, gone))).toBe('404 contact_not_found');
	expect(await refusal(merge('ana', keep, keep))).toBe('422 contacts_same');
	expect(await refusal(merge('ana', keep, randomUUID()))).toBe('404 contact_not_found');
	const made = await merge('sofia', keep, gone);
	expect(await refusal(part('caio', made.id))).toBe('403 not_allowed');
	expect(await refusal(part('bruno', made.id))).toBe('404 merge_not_found');
	expect(await refusal(merge('ana', keep, gone))).toBe('404 contact_not_found');
});

test('the audit log tells who merged and who parted', async () => {
	const [one, two] = [somebody(), somebody()];
	await write([one], 'um');
	await write([two], 'dois');
	const made = await merge('sofia', await contactOf(one), await contactOf(two));
	await part('ana', made.id);
	const rows = await database.as(
		'ana',
		(sql) => sql`
			select actor_id, action from public.audit_log where table_name = 'contact_merges' and row_id = ${made.id} order by id`
	);
	expect(rows).toEqual([
		{ actor_id: uuid('sofia'), action: 'insert' },
		{ actor_id: uuid('ana'), action: 'update' }
	]);
});
