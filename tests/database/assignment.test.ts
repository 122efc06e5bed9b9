import { expect, test } from 'vitest';
import { useDatabase, type Transaction } from './database.ts';
import { uuid, type Person } from './people.ts';
import { customerWrites, refusal, refusalDetail } from './threads.ts';

const database = useDatabase();
const team = uuid('padaria team');

interface Row {
	id: string | null;
	team_id: string | null;
	assignee_id: string | null;
	assigned_at: Date | null;
}

const act = (person: Person, call: (sql: Transaction) => Promise<Row[]>): Promise<Row> =>
	database.as(person, async (sql) => (await call(sql))[0] as Row);
const assign = (person: Person, id: string, assignee: string | null) =>
	act(person, (sql) => sql<Row[]>`select * from public.assign_conversation(${id}, ${assignee})`);
const take = (person: Person, id: string, over: string | null = null) =>
	act(person, (sql) => sql<Row[]>`select * from public.take_conversation(${id}, ${over})`);
const transfer = (person: Person, id: string, to: { team?: string; person?: string; note?: string }) =>
	act(
		person,
		(sql) =>
			sql<
				Row[]
			>`select * from public.transfer_conversation(${id}, ${to.team ?? null}, ${to.person ?? null}, ${to.note ?? null})`
	);
const undo = (person: Person, id: string) =>
	act(person, (sql) => sql<Row[]>`select * from public.undo_handover(${id})`);
const now = async (id: string): Promise<Row> => {
	const [row] = await database.owner<Row[]>`
		select id, team_id, assignee_id, assigned_at from public.conversations where id = ${id}`;
	return row as Row;
};

test('of two who take a conversation a hundred times at once, one has it and the other is told who', async () => {
	for (let round = 0; round < 100; round++) {
		const { id } = await customerWrites(database);
		const people = ['caio', 'duda'] as const;
		const outcomes = await Promise.all(
			people.map((person) =>
				take(person, id).then(
					() => 'taken',
					(error: { message: string; detail: string }) => `${error.message} ${error.detail}`
				)
			)
		);
		const winner = people[outcomes.indexOf('taken')];
		if (!winner) throw new Error(`nobody has it: ${outcomes.join()}`);
		const loser = winner === 'caio' ? 'duda' : 'caio';
		expect(outcomes[people.indexOf(loser)]).toBe(
			`conversation_taken ${JSON.stringify({ name: winner, user_id: uuid(winner) })
				.replaceAll(':', ': ')
				.replaceAll(',', ', ')}`
		);
		expect((await now(id)).assignee_id).toBe(uuid(winner));
	}
});

test('who was too late takes it over from whom they were told of, and from nobody else', async () => {
	const { id } = await customerWrites(database);
	await take('caio', id);
	expect(await refusal(take('sofia', id))).toBe('409 conversation_taken');
	expect(await refusal(take('sofia', id, uuid('duda')))).toBe('409 conversation_taken');
	expect((await take('sofia', id, uuid('caio'))).assignee_id).toBe(uuid('sofia'));
	expect((await take('sofia', id)).assignee_id).toBe(uuid('sofia'));
});

test('who has a conversation is told only to whom could have taken it, and only for some minutes', async () => {
	const { id } = await customerWrites(database);
	await take('caio', id);
	expect(await refusalDetail(take('duda', id))).toContain('caio');
	expect(await refusal(take('edu', id))).toBe('404 conversation_not_found');
	expect(await refusal(take('vera', id))).toBe('403 not_allowed');
	await database.owner`
		update public.conversations set assigned_at = clock_timestamp() - interval '6 minutes' where id = ${id}`;
	expect(await refusal(take('duda', id))).toBe('404 conversation_not_found');
	await database.owner`update public.conversations set assigned_at = now(), team_id = ${team} where id = ${id}`;
	const other = await customerWrites(database);
	await transfer('duda', other.id, { team });
	await take('duda', other.id);
	// Of a team that is not one's own nothing is told.
	expect(await refusal(take('caio', other.id))).toBe('404 conversation_not_found');
});

test('since when somebody has a conversation is kept, and ends when nobody does', async () => {
	const { id } = await customerWrites(database);
	expect((await now(id)).assigned_at).toBeNull();
	const first = (await take('caio', id)).assigned_at;
	expect(first).not.toBeNull();
	expect((await take('caio', id)).assigned_at).toEqual(first);
	await assign('sofia', id, null);
	expect((await now(id)).assigned_at).toBeNull();
});

test('who transfers to a team that is not theirs loses sight of it, and the answer tells nothing', async () => {
	const { id } = await customerWrites(database);
	await take('caio', id);
	expect((await transfer('caio', id, { team })).id).toBeNull();
	expect(await now(id)).toMatchObject({ team_id: team, assignee_id: null });
	const seen = (person: Person) =>
		database.as(person, async (sql) => (await sql`select from public.conversations where id = ${id}`).length);
	expect(await seen('caio')).toBe(0);
	expect(await seen('duda')).toBe(1);
	expect(await refusal(transfer('caio', id, { team }))).toBe('404 conversation_not_found');
});

test('a transfer to a person takes it out of the team, or puts it into one', async () => {
	const { id } = await customerWrites(database);
	await transfer('ana', id, { team, person: uuid('duda') });
	expect(await now(id)).toMatchObject({ team_id: team, assignee_id: uuid('duda') });
	await transfer('ana', id, { person: uuid('caio') });
	expect(await now(id)).toMatchObject({ team_id: null, assignee_id: uuid('caio') });
});

test('to assign leaves the team as it is', async () => {
	const { id } = await customerWrites(database);
	await transfer('ana', id, { team });
	await assign('ana', id, uuid('caio'));
	expect(await now(id)).toMatchObject({ team_id: team, assignee_id: uuid('caio') });
});

test('nothing is transferred to nowhere, to strangers, to who may not answer, or with a novel', async () => {
	const { id } = await customerWrites(database);
	expect(await refusal(transfer('ana', id, {}))).toBe('422 transfer_nowhere');
	expect(await refusal(transfer('ana', id, { team: uuid('oficina team') }))).toBe('404 team_not_found');
	expect(await refusal(transfer('ana', id, { person: uuid('edu') }))).toBe('422 assignee_not_member');
	expect(await refusal(transfer('ana', id, { person: uuid('vera') }))).toBe('422 assignee_not_member');
	expect(await refusal(transfer('ana', id, { team, note: 'x'.repeat(10_001) }))).toBe('422 note_invalid');
	expect(await refusal(transfer('vera', id, { team }))).toBe('403 not_allowed');
	expect(await now(id)).toMatchObject({ team_id: null, assignee_id: null });
});

test('who gave a conversation away takes it back for a minute, as long as nobody has touched whose it is', async () => {
	const { id } = await customerWrites(database);
	await take('caio', id);
	await transfer('caio', id, { team });
	expect(await refusal(undo('duda', id))).toBe('409 handover_final');
	expect(await undo('caio', id)).toMatchObject({ team_id: null, assignee_id: uuid('caio') });
	expect(await refusal(undo('caio', id))).toBe('409 handover_final');

	await transfer('caio', id, { team });
	await take('duda', id);
	expect(await refusal(undo('caio', id))).toBe('409 handover_final');

	const other = await customerWrites(database);
	await transfer('caio', other.id, { team });
	await database.owner`update private.handovers set at = at - interval '61 seconds' where conversation_id = ${other.id}`;
	expect(await refusal(undo('caio', other.id))).toBe('409 handover_final');
});

test('what is said with a transfer is a note that the next one reads, above the line that tells of it', async () => {
	const { id } = await customerWrites(database);
	await take('caio', id);
	await transfer('caio', id, { team, person: uuid('duda'), note: 'Já pagou, falta a nota fiscal.' });
	const thread = await database.as(
		'duda',
		(sql) =>
			sql`select kind, body, author_id, content -> 'changes' -> 0 ->> 'type' as change from public.messages where conversation_id = ${id} and is_private order by seq desc limit 2`
	);
	expect(thread).toMatchObject([
		{ kind: 'activity', author_id: uuid('caio') },
		{ kind: 'note', body: 'Já pagou, falta a nota fiscal.', author_id: uuid('caio') }
	]);
	const told = await database.as(
		'duda',
		(sql) => sql`select type, detail ->> 'note' as note from public.notifications where conversation_id = ${id}`
	);
	expect(told).toEqual([{ type: 'transferred', note: 'Já pagou, falta a nota fiscal.' }]);
	// The very same again, as a flaky line would have it, is not said twice.
	await transfer('ana', id, { team, person: uuid('duda'), note: 'De novo' });
	const notes = await database.owner`select from public.messages where conversation_id = ${id} and kind = 'note'`;
	expect(notes).toHaveLength(1);
});
