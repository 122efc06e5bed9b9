import { expect, test } from 'vitest';
import { ACTION_TYPES, PERMISSION_OF, readActions, type Action } from '../../core/src/actions/actions.ts';
import { performedSchema, previewSchema, undoneSchema, type Performed } from '../../core/src/actions/performed.ts';
import { useDatabase } from './database.ts';
import { uuid, type Person } from './people.ts';
import { answer, customerWrites, refusal } from './threads.ts';

const database = useDatabase();
const [caio, duda, team] = [uuid('caio'), uuid('duda'), uuid('padaria team')];

const ask = async <T>(person: Person, name: string, ...args: unknown[]): Promise<T> =>
	database.as(person, async (sql) => {
		const [row] = await sql.unsafe<{ answer: T }[]>(
			`select ${name}(${args.map((_, place) => `$${place + 1}`).join(', ')}) as answer`,
			args as never[]
		);
		return (row as { answer: T }).answer;
	});

const perform = async (person: Person, ids: string[], actions: Action[] | object[]): Promise<Performed> =>
	performedSchema.parse(await ask(person, 'public.perform_actions', ids, actions));
const undo = async (person: Person, ...ids: (string | null)[]) =>
	undoneSchema.parse(await ask(person, 'public.undo_actions', ids));

const rowOf = async (id: string) => {
	const [row] = await database.owner`
		select c.status, c.assignee_id, c.team_id, c.priority, c.tag_ids, c.snoozed_until, c.is_spam, c.folder, c.attributes,
			c.waiting_since is not null as waits, c.unread_count, p.attributes as contact_attributes
		from public.conversations c
		join public.contacts p on p.id = c.contact_id
		where c.id = ${id}`;
	return row;
};

const tag = async (name: string) => {
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color, position) values (${uuid('padaria')}, ${name}, 'blue', 1) returning id`;
	return String(row?.id);
};

const several = async (count: number) => {
	const ids: string[] = [];
	while (ids.length < count) ids.push((await customerWrites(database)).id);
	return ids;
};

test('the database asks the same permission for each action as core says', async () => {
	const rows = await database.owner<{ type: string; permission: string }[]>`
		select t as type, private.action_permission(t) as permission from unnest(${ACTION_TYPES}::text[]) t`;
	expect(Object.fromEntries(rows.map(({ type, permission }) => [type, permission]))).toEqual(PERMISSION_OF);
});

test('database and core agree on what is an action', async () => {
	const id = uuid('somebody');
	const written: unknown[] = [
		{ type: 'assign_agent', agent: 'me' },
		{ type: 'assign_agent', agent: 'nobody' },
		{ type: 'assign_agent', agent: id },
		{ type: 'assign_agent', agent: 'you' },
		{ type: 'assign_agent' },
		{ type: 'assign_team', team: null },
		{ type: 'assign_team', team: id },
		{ type: 'assign_team' },
		{ type: 'route', team: null },
		{ type: 'add_tags', tags: [id] },
		{ type: 'add_tags', tags: [] },
		{ type: 'add_tags', tags: ['x'] },
		{ type: 'set_priority', priority: 4 },
		{ type: 'set_priority', priority: 5 },
		{ type: 'set_priority', priority: '4' },
		{ type: 'snooze', until: 'answer' },
		{ type: 'snooze', until: 'tomorrow' },
		{ type: 'snooze', until: 'someday' },
		{ type: 'snooze', until: { minutes: 30 } },
		{ type: 'snooze', until: { minutes: 0 } },
		{ type: 'snooze', until: '2026-11-22T08:00:00-03:00' },
		{ type: 'unsnooze' },
		{ type: 'close' },
		{ type: 'reopen' },
		{ type: 'mark_spam', spam: true },
		{ type: 'mark_spam' },
		{ type: 'mark_read' },
		{ type: 'send_text', text: 'Oi' },
		{ type: 'send_text', text: '  ' },
		{ type: 'send_text' },
		{ type: 'send_canned', canned: id },
		{ type: 'send_template', content: { kind: 'template', name: 'x' } },
		{ type: 'send_template', content: { kind: 'text' } },
		{ type: 'add_note', text: 'Ligar amanhã' },
		{ type: 'add_note', text: '' },
		{ type: 'set_conversation_attribute', key: 'plan', value: null },
		{ type: 'set_conversation_attribute', key: 'plan' },
		{ type: 'set_contact_attribute', key: 'plan', value: 3 },
		{ type: 'notify', people: ['assignee'], text: '' },
		{ type: 'notify', people: [], text: '' },
		{ type: 'unknown' },
		'close',
		null
	];
	for (const action of written) {
		const [row] = await database.owner<{ fits: boolean }[]>`
			select private.action_fits(${JSON.stringify(action)}::text::jsonb) as fits`;
		expect(row?.fits, JSON.stringify(action)).toBe(readActions([action]) !== null);
	}
});

test('one call changes many conversations, and each says what became of it', async () => {
	const ids = await several(3);
	const vip = await tag('VIP');
	const { undo_id, results } = await perform(
		'caio',
		[...ids, uuid('no such conversation')],
		[
			{ type: 'add_tags', tags: [vip] },
			{ type: 'set_priority', priority: 3 },
			{ type: 'assign_agent', agent: 'me' }
		]
	);
	expect(results.map(({ outcome, code }) => code ?? outcome).sort()).toEqual([
		'conversation_not_found',
		'done',
		'done',
		'done'
	]);
	for (const id of ids) expect(await rowOf(id)).toMatchObject({ tag_ids: [vip], priority: 3, assignee_id: caio });
	expect(await undo('caio', undo_id)).toEqual({ undone: 3, kept: 0 });
	for (const id of ids) expect(await rowOf(id)).toMatchObject({ tag_ids: [], priority: 0, assignee_id: null });
	expect(await refusal(undo('caio', undo_id))).toBe('409 undo_expired');
});

test('where one action is refused, nothing of the others stays in that conversation', async () => {
	const [open, closed] = (await several(2)) as [string, string];
	await database.owner`update public.conversations set status = 'closed', closed_at = now() where id = ${closed}`;
	const { results } = await perform(
		'ana',
		[open, closed],
		[
			{ type: 'set_priority', priority: 2 },
			{ type: 'assign_agent', agent: caio }
		]
	);
	expect(results.find(({ conversation_id }) => conversation_id === closed)).toMatchObject({
		outcome: 'refused',
		code: 'conversation_closed',
		action: 1
	});
	expect(await rowOf(closed)).toMatchObject({ priority: 0 });
	expect(await rowOf(open)).toMatchObject({ priority: 2, assignee_id: caio });
});

test('an agent who gives conversations away can go on within the same list, and take them back', async () => {
	const ids = await several(2);
	const { undo_id, results } = await perform('caio', ids, [
		{ type: 'assign_agent', agent: duda },
		{ type: 'set_priority', priority: 4 }
	]);
	expect(results.every(({ outcome }) => outcome === 'done')).toBe(true);
	expect(await refusal(answer(database, 'caio', String(ids[0])))).toBe('404 conversation_not_found');
	expect(await refusal(undo('duda', undo_id))).toBe('409 undo_expired');
	expect(await undo('caio', undo_id)).toEqual({ undone: 2, kept: 0 });
	expect(await rowOf(String(ids[0]))).toMatchObject({ assignee_id: null, priority: 0 });
});

test('closing many is taken back with who waited since when, but not what somebody changed since', async () => {
	const [one, other] = (await several(2)) as [string, string];
	const { undo_id } = await perform('caio', [one, other], [{ type: 'close' }]);
	expect(await rowOf(one)).toMatchObject({ folder: 'closed', waits: false });
	await database.as('ana', (sql) => sql`select public.reopen_conversation(${other})`);
	expect(await undo('caio', undo_id)).toEqual({ undone: 1, kept: 1 });
	expect(await rowOf(one)).toMatchObject({ folder: 'open', waits: true });
});

test('every verb does what its name says', async () => {
	const [id] = (await several(1)) as [string];
	const [a, b] = [await tag('A'), await tag('B')];
	await ask('ana', 'public.save_attribute', uuid('padaria'), null, {
		subject: 'conversation',
		key: 'order',
		label: 'Pedido',
		type: 'number'
	});
	await ask('ana', 'public.save_attribute', uuid('padaria'), null, {
		subject: 'contact',
		key: 'plan',
		label: 'Plano',
		type: 'text'
	});
	const does = async (action: Action, then: object) => {
		const { results } = await perform('ana', [id], [action]);
		expect(results[0], JSON.stringify(action)).toMatchObject({ outcome: 'done' });
		expect(await rowOf(id), JSON.stringify(action)).toMatchObject(then);
	};
	await does({ type: 'assign_agent', agent: caio }, { assignee_id: caio });
	await does({ type: 'assign_team', team }, { team_id: team, assignee_id: null });
	await does({ type: 'assign_agent', agent: duda }, { team_id: team, assignee_id: duda });
	await does({ type: 'assign_team', team: null }, { team_id: null, assignee_id: duda });
	await does({ type: 'assign_team', team }, { team_id: team, assignee_id: duda });
	await does({ type: 'route', team: null }, { team_id: team, assignee_id: null });
	await does({ type: 'assign_team', team: null }, { team_id: null });
	await does({ type: 'add_tags', tags: [a, b] }, { tag_ids: [a, b] });
	await does({ type: 'remove_tags', tags: [a] }, { tag_ids: [b] });
	await does({ type: 'set_priority', priority: 4 }, { priority: 4 });
	await does({ type: 'snooze', until: 'tomorrow' }, { folder: 'snoozed' });
	await does({ type: 'unsnooze' }, { folder: 'open' });
	await does({ type: 'snooze', until: { minutes: 90 } }, { folder: 'snoozed' });
	await does({ type: 'snooze', until: 'monday' }, { folder: 'snoozed' });
	await does({ type: 'unsnooze' }, { folder: 'open' });
	await does({ type: 'set_conversation_attribute', key: 'order', value: 17 }, { attributes: { order: 17 } });
	await does({ type: 'set_contact_attribute', key: 'plan', value: 'Ouro' }, { contact_attributes: { plan: 'Ouro' } });
	await does({ type: 'mark_read' }, { unread_count: 0 });
	await does(
		{
			type: 'send_text',
			text: 'Oi, {{contact_attribute.plan}}{{ contact_attribute.nothing }} {{contact_attribute.nick|cliente}}!'
		},
		{ waits: false }
	);
	await does({ type: 'add_note', text: 'Cliente antigo' }, {});
	await does({ type: 'close' }, { folder: 'closed' });
	await does({ type: 'reopen' }, { folder: 'open' });
	await does({ type: 'mark_spam', spam: true }, { is_spam: true });
	await does({ type: 'mark_spam', spam: false }, { is_spam: false });
	const said = await database.owner<{ kind: string; body: string; author: string }[]>`
		select kind, body, author from public.messages
		where conversation_id = ${id} and direction = 'out' and kind <> 'activity' order by seq`;
	expect(said).toEqual([
		{ kind: 'text', body: 'Oi, Ouro cliente!', author: 'agent' },
		{ kind: 'note', body: 'Cliente antigo', author: 'agent' }
	]);
});

test('a list that is none is refused as a whole, and more than 500 conversations too', async () => {
	expect(await refusal(perform('ana', [], []))).toBe('422 actions_invalid');
	expect(await refusal(perform('ana', [], [{ type: 'close' }, { type: 'explode' }]))).toBe('422 actions_invalid');
	const many = Array.from({ length: 501 }, (_, index) => uuid(String(index)));
	expect(await refusal(perform('ana', many, [{ type: 'close' }]))).toBe('422 too_many_conversations');
});

test('a preview tells what would change, and changes nothing', async () => {
	const [id] = (await several(1)) as [string];
	const before = await rowOf(id);
	const count = async () =>
		(await database.owner`select count(*) from public.messages where conversation_id = ${id}`)[0]?.count as string;
	const messages = await count();
	const preview = previewSchema.parse(
		await ask('caio', 'public.preview_actions', id, [
			{ type: 'set_priority', priority: 4 },
			{ type: 'send_text', text: 'Nunca sai' },
			{ type: 'close' }
		])
	);
	expect(preview).toMatchObject({
		before: { priority: 0, status: 'open' },
		after: { priority: 4, status: 'closed' }
	});
	expect(await rowOf(id)).toEqual(before);
	expect(await count()).toBe(messages);
	expect(await ask('vera', 'public.preview_actions', id, [{ type: 'close' }])).toMatchObject({
		code: 'not_allowed',
		action: 0
	});
});

test('two who do something to the same conversations at once both get through', async () => {
	const ids = await several(6);
	const [one, other] = await Promise.all([
		perform('caio', ids, [{ type: 'set_priority', priority: 1 }]),
		perform('duda', [...ids].reverse(), [{ type: 'set_priority', priority: 2 }])
	]);
	for (const { results } of [one, other]) expect(results.filter(({ outcome }) => outcome === 'done')).toHaveLength(6);
});
