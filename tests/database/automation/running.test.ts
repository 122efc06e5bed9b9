import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites, refusal } from '../threads.ts';
import { forgetRules, makeTag, runsIn, writeRule } from './rules.ts';

const database = useDatabase();
const says = (text: string) => ({ match: 'all', rules: [{ field: 'message_text', op: 'contains', value: text }] });
const rowOf = async (id: string) => {
	const [row] = await database.owner`
		select assignee_id, team_id, priority, tag_ids, status, folder, unread_count, owner, waiting_since is not null as waits
		from public.conversations where id = ${id}`;
	return row;
};
const saidIn = async (id: string) =>
	(
		await database.owner<{ author: string; body: string }[]>`
			select author, body from public.messages
			where conversation_id = ${id} and direction = 'out' and not is_private order by seq`
	).map(({ author, body }) => `${author}: ${body}`);

beforeEach(async () => {
	await forgetRules(database);
});

test('a message that says something is tagged and given away before anybody sees it', async () => {
	const tag = await makeTag(database, 'Boleto');
	const rule = await writeRule(database, {
		name: 'Boletos para a Duda',
		trigger: 'message_received',
		conditions: says('BOLETO'),
		actions: [
			{ type: 'add_tags', tags: [tag] },
			{ type: 'assign_agent', agent: uuid('duda') }
		]
	});
	const { id, phone } = await customerWrites(database, 'Bom dia!');
	expect(await rowOf(id)).toMatchObject({ tag_ids: [], assignee_id: null });
	await receive(database.door, [delivery([textFrom(phone, 'Perdi o meu boleto')])]);
	expect(await rowOf(id)).toMatchObject({ tag_ids: [tag], assignee_id: uuid('duda'), unread_count: 2, waits: true });
	expect(await runsIn(database, id)).toEqual([{ rule_id: rule, outcome: 'done', errors: [] }]);
	const activities = await database.owner`
		select author, author_id, content -> 'cause' as cause from public.messages where conversation_id = ${id} and kind = 'activity'`;
	for (const activity of activities) {
		expect(activity).toEqual({
			author: 'system',
			author_id: null,
			cause: { type: 'rule', id: rule, name: 'Boletos para a Duda' }
		});
	}
	expect(activities.length).toBeGreaterThan(0);
});

test('the first message of a conversation is one that was begun and one that was received, whichever way it came', async () => {
	const created = await writeRule(database, {
		trigger: 'conversation_created',
		actions: [{ type: 'set_priority', priority: 1 }]
	});
	const received = await writeRule(database, {
		trigger: 'message_received',
		actions: [{ type: 'set_priority', priority: 2 }]
	});
	const { id, phone } = await customerWrites(database);
	await receive(database.door, [delivery([textFrom(phone, 'um'), textFrom(phone, 'dois')])]);
	expect((await runsIn(database, id)).map(({ rule_id }) => rule_id)).toEqual([created, received, received, received]);
});

test('an answer of the rule goes out, and the customer still waits for a person', async () => {
	await writeRule(database, {
		trigger: 'conversation_created',
		actions: [{ type: 'send_text', text: 'Olá! Já vamos atender.' }]
	});
	const { id } = await customerWrites(database);
	expect(await saidIn(id)).toEqual(['system: Olá! Já vamos atender.']);
	expect(await rowOf(id)).toMatchObject({ unread_count: 1, waits: true });
	const [job] =
		await database.owner`select count(*)::integer as count from private.outbox where conversation_id = ${id}`;
	expect(job?.count).toBe(1);
});

test('an action that fails is told in the run; the others are done and the message is there', async () => {
	const rule = await writeRule(database, {
		trigger: 'message_received',
		actions: [
			{ type: 'assign_agent', agent: uuid('vera') },
			{ type: 'set_conversation_attribute', key: 'nobody_knows', value: 1 },
			{ type: 'set_priority', priority: 4 }
		]
	});
	const { id } = await customerWrites(database, 'Oi');
	expect(await rowOf(id)).toMatchObject({ assignee_id: null, priority: 4, unread_count: 1 });
	expect(await runsIn(database, id)).toEqual([
		{
			rule_id: rule,
			outcome: 'partly',
			errors: [
				{ action: 0, code: 'assignee_not_member', detail: null },
				{ action: 1, code: 'attribute_not_found', detail: 'nobody_knows' }
			]
		}
	]);
});

test('a rule that is broken itself breaks no message', async () => {
	const rule = await writeRule(database, { trigger: 'message_received', actions: [{ type: 'close' }] });
	await database.owner`
		update public.automation_rules
		set conditions = '{"match": "all", "rules": [{"field": "created_at", "op": "gt", "value": "not a date"}]}'
		where id = ${rule}`;
	const { id } = await customerWrites(database, 'Oi');
	expect(await runsIn(database, id)).toMatchObject([{ rule_id: rule, outcome: 'failed' }]);
	expect(await rowOf(id)).toMatchObject({ unread_count: 1, status: 'open' });
});

test('rules run in their order, each sees what the one before did, and one may be the last', async () => {
	const tag = await makeTag(database, 'Primeira');
	await writeRule(database, { trigger: 'message_received', actions: [{ type: 'add_tags', tags: [tag] }] });
	await writeRule(database, {
		trigger: 'message_received',
		conditions: { match: 'all', rules: [{ field: 'tag_id', op: 'is', value: tag }] },
		actions: [{ type: 'set_priority', priority: 2 }],
		stop_after: true
	});
	await writeRule(database, { trigger: 'message_received', actions: [{ type: 'set_priority', priority: 4 }] });
	const { id } = await customerWrites(database);
	expect(await rowOf(id)).toMatchObject({ tag_ids: [tag], priority: 2 });
});

test('rules hear of what people do: given, closed, opened again, tagged, of another priority', async () => {
	const vip = await makeTag(database, 'VIP');
	const note = (text: string) => [{ type: 'add_note', text }];
	await writeRule(database, { trigger: 'conversation_assigned', actions: note('dada') });
	await writeRule(database, { trigger: 'conversation_closed', actions: note('encerrada') });
	await writeRule(database, { trigger: 'conversation_reopened', actions: note('reaberta') });
	await writeRule(database, { trigger: 'tag_added', actions: note('etiquetada') });
	await writeRule(database, { trigger: 'priority_changed', actions: note('priorizada') });
	await writeRule(database, { trigger: 'message_sent', actions: note('respondida') });
	const { id } = await customerWrites(database);
	await database.as('caio', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await answer(database, 'caio', id);
	await database.as('caio', (sql) => sql`select public.tag_conversation(${id}, ${[vip]})`);
	await database.as('caio', (sql) => sql`select public.set_priority(${id}, 3::smallint)`);
	await database.as('caio', (sql) => sql`select public.close_conversation(${id})`);
	await database.as('caio', (sql) => sql`select public.reopen_conversation(${id})`);
	await database.as('caio', (sql) => sql`select public.tag_conversation(${id}, '{}', ${[vip]})`);
	await database.as('caio', (sql) => sql`select public.assign_conversation(${id}, null)`);
	const notes = await database.owner<{ body: string }[]>`
		select body from public.messages where conversation_id = ${id} and kind = 'note' order by seq`;
	expect(notes.map(({ body }) => body)).toEqual([
		'dada',
		'respondida',
		'etiquetada',
		'priorizada',
		'encerrada',
		'reaberta'
	]);
});

test('rules that cause one another end, and no rule runs within itself', async () => {
	const tags = await Promise.all(['A', 'B'].map((name) => makeTag(database, name)));
	const first = await writeRule(database, {
		trigger: 'tag_added',
		actions: [
			{ type: 'remove_tags', tags: [tags[0]] },
			{ type: 'add_tags', tags: [tags[1]] }
		]
	});
	const second = await writeRule(database, {
		trigger: 'tag_added',
		actions: [
			{ type: 'remove_tags', tags: [tags[1]] },
			{ type: 'add_tags', tags: [tags[0]] }
		]
	});
	const { id } = await customerWrites(database);
	await database.as('caio', (sql) => sql`select public.tag_conversation(${id}, ${[String(tags[0])]})`);
	expect((await runsIn(database, id)).map(({ rule_id }) => rule_id).sort()).toEqual([first, second].sort());
});

test('rules that set one another off are cut after ten, and say so', async () => {
	const places = Array.from({ length: 13 }, (_, place) => place);
	const tags = await Promise.all(places.map((place) => makeTag(database, `Elo ${place}`)));
	// The last first, so that each is set off by the one before it and by nothing else.
	for (const place of [...places].reverse()) {
		const next = tags[place + 1];
		await writeRule(database, {
			name: `Elo ${place}`,
			trigger: 'tag_added',
			conditions: {
				match: 'all',
				rules: [
					{ field: 'tag_id', op: 'is', value: tags[place] },
					...(next ? [{ field: 'tag_id', op: 'is_not', value: next }] : [])
				]
			},
			actions: [next ? { type: 'add_tags', tags: [next] } : { type: 'set_priority', priority: 4 }]
		});
	}
	const { id } = await customerWrites(database);
	await database.as('caio', (sql) => sql`select public.tag_conversation(${id}, ${[String(tags[0])]})`);
	const runs = await runsIn(database, id);
	expect(runs.filter(({ outcome }) => outcome === 'done')).toHaveLength(10);
	expect(runs.filter(({ outcome }) => outcome === 'looped')).toHaveLength(1);
	expect(await rowOf(id)).toMatchObject({ priority: 0 });
});

test('a talk with another machine ends: a rule runs twenty times an hour on one conversation', async () => {
	await writeRule(database, { trigger: 'message_received', actions: [{ type: 'send_text', text: 'Recebido' }] });
	const { id, phone } = await customerWrites(database);
	for (let count = 0; count < 25; count++)
		await receive(database.door, [delivery([textFrom(phone, `Automático ${count}`)])]);
	expect(await saidIn(id)).toHaveLength(20);
	const runs = await runsIn(database, id);
	expect(runs.filter(({ outcome }) => outcome === 'limited')).toHaveLength(1);
});

test('a rule that is off, another company’s, or about imported history runs on nothing', async () => {
	await writeRule(database, { trigger: 'message_received', actions: [{ type: 'close' }], enabled: false });
	await database.owner`
		insert into public.automation_rules (tenant_id, name, trigger, actions)
		values (${uuid('oficina')}, 'Deles', 'message_received', '[{"type": "close"}]')`;
	const { id } = await customerWrites(database);
	expect(await rowOf(id)).toMatchObject({ status: 'open' });
	await writeRule(database, { trigger: 'message_received', actions: [{ type: 'set_priority', priority: 4 }] });
	const phone = '5511900000002';
	await receive(database.door, [
		delivery([textFrom(phone, 'Ano passado', { history_status: 'read', counts_unread: false, opens_window: false })])
	]);
	const [history] = await database.owner`
		select c.priority from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone}`;
	expect(history).toEqual({ priority: 0 });
});

test('who waits long enough is found once a wait', async () => {
	const rule = await writeRule(database, {
		trigger: 'waiting',
		waiting_minutes: 30,
		actions: [{ type: 'set_priority', priority: 4 }]
	});
	const { id, phone } = await customerWrites(database);
	const tick = async () => {
		const [row] = await database.worker<{ ran: number }[]>`select private.run_waiting_rules() as ran`;
		return row?.ran;
	};
	await tick();
	expect(await runsIn(database, id)).toEqual([]);
	await database.owner`update public.conversations set waiting_since = now() - interval '31 minutes' where id = ${id}`;
	await tick();
	await tick();
	expect(await runsIn(database, id)).toMatchObject([{ rule_id: rule, outcome: 'done' }]);
	expect(await rowOf(id)).toMatchObject({ priority: 4 });
	await answer(database, 'caio', id);
	await receive(database.door, [delivery([textFrom(phone, 'De novo')])]);
	await database.owner`update public.conversations set waiting_since = now() - interval '45 minutes' where id = ${id}`;
	await tick();
	expect(await runsIn(database, id)).toHaveLength(2);
});

test('a snooze that is over wakes its rules, one that an answer ended does not', async () => {
	await writeRule(database, { trigger: 'snooze_over', actions: [{ type: 'set_priority', priority: 3 }] });
	const [over, answered] = [await customerWrites(database), await customerWrites(database)];
	for (const { id } of [over, answered]) {
		await database.as('caio', (sql) => sql`select public.snooze_conversation(${id}, now() + interval '1 hour')`);
	}
	await receive(database.door, [delivery([textFrom(answered.phone, 'Voltei')])]);
	await database.owner`update public.conversations set snoozed_until = now() - interval '1 minute' where id = ${over.id}`;
	await database.owner`select private.wake_conversations()`;
	expect(await rowOf(over.id)).toMatchObject({ folder: 'open', priority: 3 });
	expect(await rowOf(answered.id)).toMatchObject({ folder: 'open', priority: 0 });
});

test('a rule written by hand is refused where it is none', async () => {
	const close = [{ type: 'close' }];
	expect(await refusal(writeRule(database, { name: ' ', trigger: 'message_received', actions: close }))).toBe(
		'422 rule_invalid'
	);
	expect(await refusal(writeRule(database, { trigger: 'full_moon', actions: close }))).toBe('422 rule_invalid');
	expect(await refusal(writeRule(database, { trigger: 'waiting', actions: close }))).toBe('422 rule_invalid');
	expect(await refusal(writeRule(database, { trigger: 'message_received', actions: [] }))).toBe('422 actions_invalid');
	for (const action of [{ type: 'assign_agent', agent: 'me' }, { type: 'mark_read' }]) {
		expect(await refusal(writeRule(database, { trigger: 'message_received', actions: [action] }))).toBe(
			'422 actions_invalid'
		);
	}
	const conditions = { match: 'all', rules: [{ field: 'colour', op: 'is', value: 'red' }] };
	expect(await refusal(writeRule(database, { trigger: 'message_received', conditions, actions: close }))).toBe(
		'422 conditions_invalid'
	);
	expect(await refusal(writeRule(database, { trigger: 'message_received', actions: close }, 'caio'))).toBe(
		'403 not_allowed'
	);
});

test('before a rule is switched on it says which of the last conversations it would have touched', async () => {
	const { id } = await customerWrites(database, 'Quero um orçamento');
	const { id: other } = await customerWrites(database, 'Bom dia');
	const rows = await database.as(
		'sofia',
		(sql) => sql<{ conversation_id: string; matches: boolean }[]>`
			select * from public.try_conditions(${uuid('padaria')}, ${JSON.stringify(says('orçamento'))}::text::jsonb)`
	);
	const found = new Map(rows.map(({ conversation_id, matches }) => [conversation_id, matches]));
	expect([found.get(id), found.get(other)]).toEqual([true, false]);
	expect(await runsIn(database, id)).toEqual([]);
});

test('the list tells how often a rule has run and what went wrong last', async () => {
	const rule = await writeRule(database, {
		trigger: 'message_received',
		actions: [{ type: 'assign_agent', agent: uuid('vera') }]
	});
	await customerWrites(database);
	await customerWrites(database);
	const [row] = await database.as('sofia', (sql) => sql`select * from public.rule_statistics(${uuid('padaria')})`);
	expect(row).toMatchObject({
		rule_id: rule,
		runs: '2',
		failures: '2',
		last_errors: [{ code: 'assignee_not_member' }]
	});
});

test('a person’s list of actions keeps what a rule added in between', async () => {
	const [a, b] = [await makeTag(database, 'Da regra'), await makeTag(database, 'Da pessoa')];
	await writeRule(database, { trigger: 'conversation_assigned', actions: [{ type: 'add_tags', tags: [a] }] });
	const { id } = await customerWrites(database);
	const actions = [
		{ type: 'assign_agent', agent: 'me' },
		{ type: 'add_tags', tags: [b] }
	];
	await database.as(
		'caio',
		(sql) => sql`select public.perform_actions(${[id]}, ${JSON.stringify(actions)}::text::jsonb)`
	);
	expect(await rowOf(id)).toMatchObject({ tag_ids: [a, b] });
});
