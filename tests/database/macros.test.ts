import { expect, test } from 'vitest';
import type { Action } from '../../core/src/actions/actions.ts';
import { performedSchema } from '../../core/src/actions/performed.ts';
import { useDatabase } from './database.ts';
import { uuid, type Person } from './people.ts';
import { customerWrites, refusal } from './threads.ts';

const database = useDatabase();

interface Macro {
	id: string;
	name: string;
	owner_id: string | null;
}

const save = (person: Person, macro: object, id: string | null = null): Promise<Macro> =>
	database.as(person, async (sql) => {
		const [row] = await sql<Macro[]>`
			select * from public.save_macro(${uuid('padaria')}, ${id}, ${JSON.stringify(macro)}::text::jsonb)`;
		return row as Macro;
	});
const run = (person: Person, macro: string, ids: string[]) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ answer: unknown }[]>`select public.run_macro(${macro}, ${ids}) as answer`;
		return performedSchema.parse(row?.answer);
	});
const seenBy = (person: Person) =>
	database.as(person, async (sql) =>
		(await sql<{ name: string }[]>`select name from public.macros order by position`).map(({ name }) => name)
	);

const actions: Action[] = [
	{ type: 'assign_agent', agent: 'me' },
	{ type: 'set_priority', priority: 3 },
	{ type: 'add_note', text: 'Pelo atalho' }
];

test('an agent makes a macro that only they see, and runs it', async () => {
	const { id: macro } = await save('caio', { name: ' Assumir ', actions, shortcut: 'A' });
	expect(await seenBy('caio')).toEqual(['Assumir']);
	expect(await seenBy('duda')).toEqual([]);
	const { id } = await customerWrites(database);
	expect((await run('caio', macro, [id])).results).toMatchObject([{ outcome: 'done' }]);
	const [row] = await database.owner`select assignee_id, priority from public.conversations where id = ${id}`;
	expect(row).toEqual({ assignee_id: uuid('caio'), priority: 3 });
	expect(await refusal(run('duda', macro, [id]))).toBe('404 macro_not_found');
});

test('the thread tells which macro did it, and that a person ran it', async () => {
	const { id: macro } = await save('caio', { name: 'Prioridade', actions: [{ type: 'set_priority', priority: 4 }] });
	const { id } = await customerWrites(database);
	await run('caio', macro, [id]);
	const [activity] = await database.owner<{ author_id: string; content: { cause: object } }[]>`
		select author_id, content from public.messages where conversation_id = ${id} and kind = 'activity'`;
	expect(activity).toMatchObject({
		author_id: uuid('caio'),
		content: { cause: { type: 'macro', id: macro, name: 'Prioridade' } }
	});
});

test('a macro for everybody is made and changed by who may share them', async () => {
	expect(await refusal(save('caio', { name: 'De todos', actions, shared: true }))).toBe('403 not_allowed');
	const shared = await save('sofia', { name: 'De todos', actions, shared: true });
	expect(shared.owner_id).toBeNull();
	expect(await seenBy('duda')).toContain('De todos');
	expect(await refusal(save('caio', { name: 'Mudei', actions, shared: true }, shared.id))).toBe('403 not_allowed');
	expect(await refusal(save('caio', { name: 'Minha agora', actions, shared: false }, shared.id))).toBe(
		'403 not_allowed'
	);
	expect(await save('ana', { name: 'Da Ana', actions, shared: false }, shared.id)).toMatchObject({
		owner_id: uuid('ana')
	});
	expect(await seenBy('duda')).not.toContain('Da Ana');
});

test('a viewer has no macros and runs none', async () => {
	expect(await refusal(save('vera', { name: 'x', actions }))).toBe('403 not_allowed');
	const shared = await save('sofia', { name: 'Para todos', actions, shared: true });
	expect(await refusal(run('vera', shared.id, []))).toBe('403 not_allowed');
});

test('a macro without a name, with a key that is none, or with nothing to do is refused', async () => {
	expect(await refusal(save('caio', { name: '  ', actions }))).toBe('422 macro_invalid');
	expect(await refusal(save('caio', { name: 'x', actions, shortcut: '!!' }))).toBe('422 macro_invalid');
	expect(await refusal(save('caio', { name: 'x', actions: [] }))).toBe('422 actions_invalid');
});

test('macros stand in the order one puts them in, and go when thrown away or with their owner', async () => {
	const made: string[] = [];
	for (const name of ['um', 'dois', 'três']) made.push((await save('duda', { name, actions })).id);
	await database.as('duda', (sql) => sql`select public.order_macros(${uuid('padaria')}, ${[...made].reverse()})`);
	const own = async () => (await seenBy('duda')).filter((name) => ['um', 'dois', 'três'].includes(name));
	expect(await own()).toEqual(['três', 'dois', 'um']);
	await database.as('duda', (sql) => sql`select public.delete_macro(${String(made[1])})`);
	expect(await own()).toEqual(['três', 'um']);
	await database.owner`delete from public.memberships where user_id = ${uuid('duda')}`;
	const [left] = await database.owner`select count(*)::integer as count from public.macros where id = any (${made})`;
	expect(left?.count).toBe(0);
});
