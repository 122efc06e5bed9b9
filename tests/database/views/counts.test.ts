import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../stack/seed/random.ts';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();
const TENANT = uuid('padaria');
/** Everyone who reads conversations there: all of them, their own and nobody's, or their team's too. */
const READERS: Person[] = ['ana', 'sofia', 'caio', 'duda', 'vera'];

interface Counts {
	mine: number;
	unassigned: number;
	all: number;
	snoozed: number;
	spam: number;
	closed: number;
	mentions: number;
	teams: Record<string, number>;
}

/** What is kept for somebody. */
const keptFor = (person: Person) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ counts: Counts }[]>`select public.inbox_counts(${TENANT}) as counts`;
		return row?.counts;
	});

/** What somebody counts in their own lists, one row at a time, under row security. */
const countedBy = (person: Person) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ counts: Counts }[]>`
			select jsonb_build_object(
				'mine', count(*) filter (where folder = 'open' and assignee_id = ${uuid(person)}),
				'unassigned', count(*) filter (where folder = 'open' and assignee_id is null),
				'all', count(*) filter (where folder = 'open'),
				'snoozed', count(*) filter (where folder = 'snoozed'),
				'spam', count(*) filter (where folder = 'spam'),
				'closed', count(*) filter (where folder = 'closed'),
				'mentions', (
					select count(distinct c.id) from public.conversations c
					join public.mentions n on n.tenant_id = c.tenant_id and n.conversation_id = c.id
					where c.tenant_id = ${TENANT} and n.read_at is null
				),
				'teams', coalesce((
					select jsonb_object_agg(t.team_id, t.n) from (
						select team_id, count(*) as n from public.conversations
						where tenant_id = ${TENANT} and folder = 'open' and team_id is not null group by team_id
					) t
				), '{}')
			) as counts
			from public.conversations where tenant_id = ${TENANT}`;
		return row?.counts;
	});

async function expectEveryCountRight(): Promise<void> {
	for (const person of READERS) expect(await keptFor(person), person).toEqual(await countedBy(person));
}

let contacts = 0;
async function begin(tenant = 'padaria'): Promise<string> {
	const contact = uuid(`counted ${contacts++}`);
	await database.owner`insert into public.contacts (id, tenant_id, name) values (${contact}, ${uuid(tenant)}, 'Bia')`;
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.conversations (tenant_id, contact_id, channel_id)
		values (${uuid(tenant)}, ${contact}, ${uuid(`${tenant} channel`)}) returning id`;
	return row?.id ?? '';
}

beforeAll(async () => {
	await database.owner`insert into public.teams (id, tenant_id, name) values (${uuid('second team')}, ${TENANT}, 'Entregas')`;
});

test('after any sequence of changes what is kept is what each person would count', async () => {
	const random = createRandom('counts');
	const pick = <T>(list: readonly T[]): T => random.pick(list);
	const open: string[] = [];
	const assignees = [null, ...['sofia', 'caio', 'duda'].map(uuid)];
	const teams = [null, uuid('padaria team'), uuid('second team')];
	const changes: ((id: string) => Promise<unknown>)[] = [
		(id) => database.owner`update public.conversations set assignee_id = ${pick(assignees)} where id = ${id}`,
		(id) =>
			database.owner`update public.conversations set team_id = ${pick(teams)}, assignee_id = ${pick(assignees)} where id = ${id}`,
		(id) =>
			database.owner`update public.conversations set snoozed_until = case when snoozed_until is null then 'infinity'::timestamptz end where id = ${id}`,
		(id) => database.owner`update public.conversations set is_spam = not is_spam where id = ${id}`,
		(id) => database.owner`
			update public.conversations set status = 'closed', closed_at = now() where id = ${id} and status = 'open'`,
		(id) => database.owner`update public.conversations set status = 'open', closed_at = null where id = ${id}`,
		// What an ordinary message does.
		(id) =>
			database.owner`update public.conversations set last_message_at = now(), last_seq = last_seq + 1 where id = ${id}`,
		async (id) => {
			await database.owner`delete from public.conversations where id = ${id}`;
			open.splice(open.indexOf(id), 1);
		},
		// Undone: nothing may be counted.
		(id) =>
			database.owner
				.begin(async (sql) => {
					await sql`update public.conversations set is_spam = not is_spam, assignee_id = null where id = ${id}`;
					throw new Error('undone');
				})
				.catch(() => undefined),
		() => database.owner`select private.fold_inbox_changes(${TENANT})`
	];
	for (let step = 0; step < 400; step++) {
		if (open.length < 5 || random.chance(0.25)) open.push(await begin());
		else await pick(changes)(pick(open));
		if (step % 50 === 49) await expectEveryCountRight();
	}
	await expectEveryCountRight();
	const [wrong] = await database.owner`select private.rebuild_inbox_counts(${TENANT}) as cells`;
	expect(wrong).toEqual({ cells: 0 });
});

test('a change that is not committed yet neither counts nor keeps others waiting', async () => {
	const [one, other] = [await begin(), await begin()];
	const before = await keptFor('sofia');
	await database.owner.begin(async (first) => {
		await first`update public.conversations set is_spam = true where id = ${one}`;
		// The same cell, from another connection, while the first still holds its own.
		await database.owner.begin(async (second) => {
			await second`set local lock_timeout = '1s'`;
			await second`update public.conversations set is_spam = true where id = ${other}`;
		});
		expect((await keptFor('sofia'))?.spam).toBe((before?.spam ?? 0) + 1);
	});
	expect((await keptFor('sofia'))?.spam).toBe((before?.spam ?? 0) + 2);
});

test('a hundred connections at once lose no count, folded meanwhile', async () => {
	const ids = await Promise.all(Array.from({ length: 60 }, () => begin()));
	await Promise.all(
		ids.flatMap((id) => [
			database.owner`update public.conversations set assignee_id = ${uuid('caio')} where id = ${id}`,
			database.owner`select private.fold_inbox_changes(${TENANT})`
		])
	);
	await expectEveryCountRight();
});

test('an ordinary message writes nothing down', async () => {
	const id = await begin();
	const [before] = await database.owner`select coalesce(max(id), 0) as id from private.inbox_changes`;
	await database.owner`
		update public.conversations
		set last_seq = last_seq + 1, unread_count = unread_count + 1, last_message_at = now(), waiting_since = now()
		where id = ${id}`;
	const [after] = await database.owner`select coalesce(max(id), 0) as id from private.inbox_changes`;
	expect(after).toEqual(before);
});

test('counts that were never kept are put right beside running changes', async () => {
	const id = await begin();
	await database.owner.begin(async (sql) => {
		await sql`alter table public.conversations disable trigger user`;
		await sql`update public.conversations set is_spam = true where id = ${id}`;
		await sql`alter table public.conversations enable trigger user`;
	});
	expect(await keptFor('ana')).not.toEqual(await countedBy('ana'));
	await database.owner`select private.rebuild_inbox_counts(${TENANT})`;
	await expectEveryCountRight();
});

test('a company that is deleted leaves no count behind', async () => {
	const gone = uuid('gone');
	await database.owner`insert into public.tenants (id, name, slug) values (${gone}, 'Fechada', 'fechada')`;
	await database.owner`
		insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
		values (${uuid('gone channel')}, ${gone}, 'whatsapp', 'x', '106540352242944', '1065403522429449', '551130030009')`;
	await begin('gone');
	await database.owner`select private.fold_inbox_changes(${gone})`;
	await database.owner`delete from public.conversations where tenant_id = ${gone}`;
	await database.owner`delete from public.contacts where tenant_id = ${gone}`;
	await database.owner`delete from public.tenants where id = ${gone}`;
	while ((await database.owner<{ n: number }[]>`select private.fold_inbox_counts() as n`)[0]?.n) continue;
	const left = await database.owner`
		select tenant_id from private.inbox_cells where tenant_id = ${gone}
		union all select tenant_id from private.inbox_changes where tenant_id = ${gone}`;
	expect(left).toHaveLength(0);
});
