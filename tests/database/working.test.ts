import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase, type Transaction } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid, type Person } from './people.ts';
import { answer, claim, customerWrites, refusal } from './threads.ts';

const database = useDatabase();

interface Conversation {
	id: string;
	folder: string;
	last_seq: string;
	read_seq: string;
	unread_count: number;
	preview: string;
	preview_at: Date;
	last_message_at: Date;
	waiting_since: Date | null;
	snoozed_until: Date | null;
	priority: number;
	tag_ids: string[];
}

interface Line {
	id: string;
	seq: string;
	kind: string;
	author: string;
	author_id: string | null;
	body: string;
	is_private: boolean;
	content: { changes?: Record<string, unknown>[]; cause?: unknown; text?: string; mentions?: { id: string }[] };
	revoked_at: Date | null;
}

/** Does something to a conversation as somebody; gives the row as it then is. */
const act = (person: Person, call: (sql: Transaction) => Promise<Conversation[]>) =>
	database.as(person, async (sql) => (await call(sql))[0] as Conversation);
const prioritize = (person: Person, id: string, priority: number) =>
	act(person, (sql) => sql<Conversation[]>`select * from public.set_priority(${id}, ${priority}::smallint)`);
const tag = (person: Person, id: string, add: string[], remove: string[] = []) =>
	act(
		person,
		(sql) => sql<Conversation[]>`select * from public.tag_conversation(${id}, ${add}::uuid[], ${remove}::uuid[])`
	);
const snooze = (person: Person, id: string, until: string) =>
	act(
		person,
		(sql) => sql<Conversation[]>`select * from public.snooze_conversation(${id}, ${until}::text::timestamptz)`
	);
const unsnooze = (person: Person, id: string) =>
	act(person, (sql) => sql<Conversation[]>`select * from public.unsnooze_conversation(${id})`);
const spam = (person: Person, id: string, is = true) =>
	act(person, (sql) => sql<Conversation[]>`select * from public.mark_spam(${id}, ${is})`);
const note = (person: Person, id: string, text: string, mentions: string[] = [], client = randomUUID()) =>
	database.as(person, async (sql) => {
		const content = JSON.stringify({ text, mentions });
		const [row] = await sql<Line[]>`select * from public.add_note(${id}, ${client}, ${content}::text::jsonb)`;
		return row as Line;
	});
const madeTag = async (name: string, company: 'padaria' | 'oficina' = 'padaria') => {
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color) values (${uuid(company)}, ${name}, 'blue') returning id`;
	return row?.id ?? '';
};
const now = async (id: string) => {
	const [row] = await database.owner<Conversation[]>`select * from public.conversations where id = ${id}`;
	return row as Conversation;
};
const thread = (id: string) =>
	database.owner<Line[]>`select * from public.messages where conversation_id = ${id} order by seq`;
const activities = async (id: string) => (await thread(id)).filter(({ kind }) => kind === 'activity');
/** What somebody was told about a conversation, and has not read. */
const told = async (person: Person, id: string) => {
	const rows = await database.owner<{ type: string }[]>`
		select type from public.notifications
		where user_id = ${uuid(person)} and conversation_id = ${id} and read_at is null order by created_at, type`;
	return rows.map(({ type }) => type);
};
const writes = (phone: string, text: string) =>
	receive(database.door, [delivery([textFrom(phone, text, { sent_at: `${new Date().toISOString().slice(0, 19)}Z` })])]);

test('what is done to a conversation stands in its thread, in order, without a gap, and is nothing new to read', async () => {
	const { id, phone } = await customerWrites(database);
	const blue = await madeTag('Entrega');
	await database.as('caio', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await prioritize('caio', id, 4);
	await answer(database, 'caio', id);
	await tag('caio', id, [blue]);
	await writes(phone, 'Obrigada!');
	await database.as('caio', (sql) => sql`select public.close_conversation(${id})`);
	await database.as('caio', (sql) => sql`select public.reopen_conversation(${id})`);

	const lines = await thread(id);
	expect(lines.map(({ seq }) => Number(seq))).toEqual(lines.map((_, index) => index + 1));
	expect(lines.map(({ kind }) => kind)).toEqual([
		'text',
		'activity',
		'activity',
		'text',
		'activity',
		'text',
		'activity',
		'activity'
	]);
	expect((await activities(id)).map(({ content }) => content.changes)).toEqual([
		[{ type: 'assignee', to: { id: uuid('caio'), name: 'caio' } }],
		[{ type: 'priority', from: 0, to: 4 }],
		[{ type: 'tags', added: [{ id: blue, name: 'Entrega', color: 'blue' }], removed: [] }],
		[{ type: 'closed' }],
		[{ type: 'reopened' }]
	]);
	for (const line of await activities(id)) {
		expect(line).toMatchObject({ author: 'agent', author_id: uuid('caio'), is_private: true, body: '' });
	}
	expect(await now(id)).toMatchObject({ last_seq: '8', unread_count: 1, preview: 'Obrigada!' });
});

test('one change of several things is one line', async () => {
	const { id } = await customerWrites(database);
	await database.owner`
		update public.conversations set assignee_id = ${uuid('caio')}, team_id = ${uuid('padaria team')}, priority = 2 where id = ${id}`;
	const [line, ...others] = await activities(id);
	expect(others).toEqual([]);
	expect(line?.content.changes?.map(({ type }) => type)).toEqual(['team', 'assignee', 'priority']);
	expect(line).toMatchObject({ author: 'system', author_id: null });
});

test('what a rule does is told as the rule’s doing, what a macro does as the person’s who ran it', async () => {
	const { id } = await customerWrites(database);
	const cause = (type: string) => JSON.stringify({ type, id: uuid(type), name: 'Clientes VIP' });
	for (const type of ['rule', 'macro']) {
		await database.owner.begin(async (sql) => {
			await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: uuid('caio') })}, true)`;
			await sql`select private.set_cause(${cause(type)}::text::jsonb)`;
			await sql`select private.apply_priority(c, ${type === 'rule' ? 3 : 4}::smallint) from public.conversations c where c.id = ${id}`;
		});
	}
	expect((await activities(id)).map(({ author, content }) => [author, content.cause])).toEqual([
		['system', { type: 'rule', id: uuid('rule'), name: 'Clientes VIP' }],
		['agent', { type: 'macro', id: uuid('macro'), name: 'Clientes VIP' }]
	]);
});

test('saying the same twice changes nothing and tells nothing', async () => {
	const { id } = await customerWrites(database);
	const green = await madeTag('Troca');
	const first = [await prioritize('sofia', id, 1), await tag('sofia', id, [green])];
	expect([await prioritize('sofia', id, 1), await tag('sofia', id, [green])]).toEqual([first[1], first[1]]);
	expect(await activities(id)).toHaveLength(2);
});

test('a conversation takes its own company’s tags alone, 30 at most', async () => {
	const { id } = await customerWrites(database);
	const [ours, theirs] = [await madeTag('Nossa'), await madeTag('Deles', 'oficina')];
	expect((await tag('caio', id, [ours, theirs, randomUUID(), ours])).tag_ids).toEqual([ours]);
	await database.owner`update public.conversations set tag_ids = ${[theirs, ours]}::uuid[] where id = ${id}`;
	expect((await now(id)).tag_ids).toEqual([ours]);
	const many = await Promise.all(Array.from({ length: 30 }, (_, n) => madeTag(`Muitas ${n}`)));
	expect(await refusal(tag('caio', id, many))).toBe('422 too_many_tags');
	expect((await tag('caio', id, many, [ours])).tag_ids).toHaveLength(30);
});

test('a deleted tag is gone at once and taken off its conversations by the job, without a word in their threads', async () => {
	const [gone, kept] = [await madeTag('Antiga'), await madeTag('Nova')];
	const threads = [await customerWrites(database), await customerWrites(database)];
	for (const { id } of threads) await tag('caio', id, [gone]);
	await tag('caio', threads[0]?.id ?? '', [kept]);
	await database.as('sofia', (sql) => sql`select public.delete_tag(${uuid('padaria')}, ${gone}, ${kept})`);
	const [job] = await database.owner<{ payload: { tenant_id: string } }[]>`
		select p.payload from graphile_worker._private_jobs p join graphile_worker.jobs j on j.id = p.id where j.task_identifier = 'tag__retire'`;
	expect(job?.payload).toEqual({ tenant_id: uuid('padaria'), tag_id: gone, into_id: kept });
	let done = 1;
	while (done > 0) {
		const [row] = await database.worker<{ done: number }[]>`
			select private.retire_tag(${uuid('padaria')}, ${gone}, ${kept}) as done`;
		done = row?.done ?? 0;
	}
	for (const { id } of threads) expect((await now(id)).tag_ids).toEqual([kept]);
	expect(await activities(threads[1]?.id ?? '')).toHaveLength(1);
});

test('a note is for colleagues alone: nothing is sent, shown in the list, counted or answered by it', async () => {
	const { id, phone } = await customerWrites(database, 'Quanto custa?');
	const before = await now(id);
	const written = await note('caio', id, 'Cliente antigo, dar desconto');
	expect(written).toMatchObject({ kind: 'note', is_private: true, author_id: uuid('caio') });
	const after = await now(id);
	for (const column of [
		'preview',
		'preview_at',
		'unread_count',
		'waiting_since',
		'last_message_at',
		'read_seq'
	] as const) {
		expect(after[column], column).toEqual(before[column]);
	}
	expect(await claim(database, id)).toBeNull();
	const outbox = await database.owner`select from private.outbox where conversation_id = ${id}`;
	expect(outbox.count).toBe(0);
	expect(
		await refusal(
			database.as(
				'caio',
				(sql) =>
					sql`select public.send_message(${id}, ${randomUUID()}, '{"kind": "text", "text": "Oi"}', ${written.id})`
			)
		)
	).toBe('422 quoted_message_not_found');
	await writes(phone, 'Alguém aí?');
	await database.as('caio', (sql) => sql`select public.mark_read(${id}, 99)`);
	expect(await now(id)).toMatchObject({ unread_count: 0, last_seq: '3', read_seq: '3' });
});

test('a note is written once, however often it is sent', async () => {
	const { id } = await customerWrites(database);
	const client = randomUUID();
	const first = await note('caio', id, 'Uma vez', [], client);
	expect(await note('caio', id, 'Uma vez', [], client)).toEqual(first);
	expect((await thread(id)).filter(({ kind }) => kind === 'note')).toHaveLength(1);
	expect(await refusal(note('caio', id, '   '))).toBe('422 note_invalid');
	expect(await refusal(note('vera', id, 'Eu só leio'))).toBe('403 not_allowed');
});

test('whoever a note names is called and follows, unless they may not see the conversation; naming a team calls its members', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	const written = await note('caio', id, '@sofia @duda veja', [
		uuid('sofia'),
		uuid('duda'),
		uuid('bruno'),
		'nobody',
		uuid('padaria team')
	]);
	expect(written.content.mentions).toEqual([{ id: uuid('sofia'), name: 'sofia' }]);
	const called = (message: string) =>
		database.owner<{ user_id: string }[]>`
			select user_id from public.mentions where message_id = ${message} order by user_id`;
	expect((await called(written.id)).map((row) => row.user_id)).toEqual([uuid('sofia')]);
	expect(await told('sofia', id)).toEqual(['mentioned']);
	expect(await told('duda', id)).toEqual([]);
	const following = await database.owner<{ user_id: string }[]>`
		select user_id from public.participants where conversation_id = ${id}`;
	expect(following.map((row) => row.user_id).sort()).toEqual([uuid('caio'), uuid('sofia')].sort());

	await database.owner`update public.conversations set team_id = ${uuid('padaria team')} where id = ${id}`;
	const toTeam = await note('caio', id, '@Vendas, alguém?', [uuid('padaria team')]);
	expect((await called(toTeam.id)).map((row) => row.user_id)).toEqual([uuid('duda')]);

	const [seen] = await database.as('sofia', (sql) => sql<{ n: number }[]>`select public.read_mentions(${id}) as n`);
	expect(seen?.n).toBe(1);
	const mine = await database.as('sofia', (sql) => sql`select from public.mentions where read_at is null`);
	expect(mine.count).toBe(0);
});

test('those who may be called are exactly those who see the conversation', async () => {
	const everybody = ['ana', 'sofia', 'caio', 'duda', 'vera', 'aline'] as const;
	const { id } = await customerWrites(database);
	for (const [assignee, team] of [
		[null, null],
		[uuid('caio'), null],
		[uuid('caio'), uuid('padaria team')],
		[null, uuid('padaria team')]
	]) {
		await database.owner`update public.conversations set assignee_id = ${assignee ?? null}, team_id = ${team ?? null} where id = ${id}`;
		const may = await database.as(
			'ana',
			(sql) => sql<{ display_name: string }[]>`select display_name from public.mentionable_members(${id})`
		);
		const see: string[] = [];
		for (const person of everybody) {
			const rows = await database.as(person, (sql) => sql`select from public.conversations where id = ${id}`);
			if (rows.count > 0) see.push(person);
		}
		expect(may.map(({ display_name }) => display_name)).toEqual(see.sort());
	}
});

test('the author changes a note or takes it back, and what it said is kept', async () => {
	const { id } = await customerWrites(database);
	const { id: written } = await note('caio', id, 'Ligar as 3');
	const edit = (person: Person, text: string) =>
		database.as(person, async (sql) => {
			const [row] = await sql<
				Line[]
			>`select * from public.edit_note(${written}, ${JSON.stringify({ text })}::text::jsonb)`;
			return row;
		});
	expect(await edit('caio', 'Ligar às 15h')).toMatchObject({ body: 'Ligar às 15h' });
	expect(await refusal(edit('ana', 'Não ligar'))).toBe('403 not_allowed');
	const [gone] = await database.as('caio', (sql) => sql<Line[]>`select * from public.delete_note(${written})`);
	expect(gone).toMatchObject({ body: '' });
	expect(gone?.revoked_at).not.toBeNull();
	expect(await refusal(edit('caio', 'Volta'))).toBe('409 note_deleted');
	const kept = await database.as(
		'ana',
		(sql) => sql<{ type: string; detail: { text: string } }[]>`
			select type, detail from public.message_events where message_id = ${written} order by occurred_at`
	);
	expect(kept.map(({ type, detail }) => [type, detail.text])).toEqual([
		['note_edited', 'Ligar as 3'],
		['note_deleted', 'Ligar às 15h']
	]);
});

test('an answer wakes what is snoozed, and the line that says so stands before it', async () => {
	for (const portion of [1, 3]) {
		const { id, phone } = await customerWrites(database);
		await answer(database, 'caio', id);
		expect(await snooze('caio', id, 'infinity')).toMatchObject({ folder: 'snoozed' });
		if (portion === 1) await writes(phone, 'Pronto');
		else {
			const sent_at = `${new Date().toISOString().slice(0, 19)}Z`;
			await receive(
				database.door,
				['Oi', 'Voltei', 'E aí?'].map((text) => delivery([textFrom(phone, text, { sent_at })]))
			);
		}
		const lines = await thread(id);
		expect(lines.map(({ seq }) => Number(seq))).toEqual(lines.map((_, index) => index + 1));
		expect(lines.at(-portion - 1)?.content.changes).toEqual([{ type: 'woke', by: 'answer' }]);
		expect(await now(id)).toMatchObject({ folder: 'open', snoozed_until: null, unread_count: portion });
		expect((await now(id)).waiting_since).not.toBeNull();
	}
});

test('what is snoozed wakes at its time, once, on top and waiting', async () => {
	const { id } = await customerWrites(database);
	await answer(database, 'caio', id);
	const until = new Date(Date.now() + 3_600_000).toISOString();
	await snooze('caio', id, until);
	const [job] = await database.owner<{ run_at: Date }[]>`
		select run_at from graphile_worker.jobs where key = ${`wake:${id}`}`;
	expect(job?.run_at.toISOString()).toBe(until);

	const wake = () => database.worker<{ n: number }[]>`select private.wake_conversations(${id}) as n`;
	expect((await wake())[0]?.n).toBe(0);
	await database.owner`update public.conversations set snoozed_until = now() - interval '1 second' where id = ${id}`;
	const before = await now(id);
	expect((await Promise.all([wake(), wake(), wake()])).map(([row]) => row?.n).sort()).toEqual([0, 0, 1]);
	const after = await now(id);
	expect(after).toMatchObject({ folder: 'open', snoozed_until: null });
	expect(after.waiting_since).not.toBeNull();
	expect(after.last_message_at.getTime()).toBeGreaterThan(before.last_message_at.getTime());
	expect((await activities(id)).at(-1)?.content.changes).toEqual([{ type: 'woke', by: 'time' }]);
	expect(await told('caio', id)).toEqual(['snooze_over']);
});

test('what slept past its time because its job was lost is found', async () => {
	const { id } = await customerWrites(database);
	await snooze('caio', id, 'infinity');
	await database.owner`update public.conversations set snoozed_until = now() - interval '1 hour' where id = ${id}`;
	expect(Number((await database.worker`select private.wake_conversations() as n`)[0]?.n)).toBeGreaterThan(0);
	expect((await now(id)).folder).toBe('open');
});

test('waking, snoozing anew and an answer at the same moment leave one order and no gap', async () => {
	const { id, phone } = await customerWrites(database);
	for (let round = 0; round < 15; round++) {
		await database.owner`update public.conversations set snoozed_until = now() - interval '1 second' where id = ${id}`;
		await Promise.all([
			database.worker`select private.wake_conversations(${id})`,
			snooze('caio', id, new Date(Date.now() + 60_000 * (round + 1)).toISOString()),
			writes(phone, `Mensagem ${round}`),
			note('sofia', id, `Nota ${round}`)
		]);
		const lines = await thread(id);
		expect(lines.map(({ seq }) => Number(seq))).toEqual(lines.map((_, index) => index + 1));
		expect(Number((await now(id)).last_seq)).toBe(lines.length);
	}
});

test('only an open conversation is snoozed, and only until later', async () => {
	const { id } = await customerWrites(database);
	expect(await refusal(snooze('caio', id, '2020-01-01'))).toBe('422 snooze_time_invalid');
	expect(await refusal(snooze('caio', id, '2099-01-01'))).toBe('422 snooze_time_invalid');
	await snooze('caio', id, 'infinity');
	expect(await unsnooze('caio', id)).toMatchObject({ folder: 'open', snoozed_until: null });
	await snooze('caio', id, 'infinity');
	await database.as('caio', (sql) => sql`select public.close_conversation(${id})`);
	expect(await now(id)).toMatchObject({ folder: 'closed', snoozed_until: null });
	expect(await refusal(snooze('caio', id, 'infinity'))).toBe('409 conversation_closed');
});

test('spam counts nothing unread and makes nobody wait, whatever comes, until the mark is taken away', async () => {
	const { id, phone } = await customerWrites(database, 'Ganhe dinheiro');
	expect(await spam('caio', id)).toMatchObject({ folder: 'spam', unread_count: 0, waiting_since: null });
	await writes(phone, 'Clique aqui');
	await receive(
		database.door,
		['Já', 'Agora'].map((text) =>
			delivery([textFrom(phone, text, { sent_at: `${new Date().toISOString().slice(0, 19)}Z` })])
		)
	);
	expect(await now(id)).toMatchObject({ folder: 'spam', unread_count: 0, waiting_since: null, last_seq: '5' });
	expect(await refusal(snooze('caio', id, 'infinity'))).toBe('409 conversation_is_spam');
	expect(await spam('caio', id, false)).toMatchObject({ folder: 'open', unread_count: 4 });
	expect((await now(id)).waiting_since).not.toBeNull();
	expect(await spam('caio', id, false)).toMatchObject({ folder: 'open', unread_count: 4 });
});

test('people follow what they see, and leaders have others follow', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	const follow = (person: Person, who: Person, following = true) =>
		database.as(person, (sql) => sql`select public.follow_conversation(${id}, ${uuid(who)}, ${following})`);
	await follow('vera', 'vera');
	await follow('vera', 'vera');
	await follow('caio', 'sofia');
	expect(await refusal(follow('vera', 'sofia', false))).toBe('403 not_allowed');
	expect(await refusal(follow('ana', 'duda'))).toBe('422 participant_cannot_see');
	expect(await refusal(follow('duda', 'duda'))).toBe('404 conversation_not_found');
	await follow('vera', 'vera', false);
	await note('caio', id, 'Para quem acompanha');
	expect(await told('sofia', id)).toEqual(['participating']);
	expect(await told('vera', id)).toEqual([]);
	const left = await database.as(
		'ana',
		(sql) => sql`select user_id from public.participants where conversation_id = ${id}`
	);
	expect(left.map((row) => row.user_id as string).sort()).toEqual([uuid('caio'), uuid('sofia')].sort());
});

test('a tag is made, renamed and put in order by whoever manages tags, and no name is there twice', async () => {
	const save = (person: Person, id: string | null, name: string, color = 'red') =>
		database.as(
			person,
			(sql) => sql<{ id: string; name: string; position: number }[]>`
				select * from public.save_tag(${uuid('oficina')}, ${id}, ${name}, ${color})`
		);
	const [first] = await save('silvia', null, ' Garantia ');
	const [second] = await save('silvia', null, 'Revisão');
	expect(first?.name).toBe('Garantia');
	expect(await refusal(save('silvia', null, 'GARANTIA'))).toBe('409 tag_name_taken');
	expect(await refusal(save('silvia', second?.id ?? '', 'garantia'))).toBe('409 tag_name_taken');
	expect(await refusal(save('silvia', null, ''))).toBe('422 tag_invalid');
	expect(await refusal(save('silvia', null, 'Cor', 'mauve'))).toBe('422 tag_invalid');
	expect(await refusal(save('edu', null, 'Minha'))).toBe('403 not_allowed');
	expect(await refusal(save('ana', null, 'Invasora'))).toBe('404 tenant_not_found');
	const ordered = await database.as(
		'silvia',
		(sql) => sql<{ id: string }[]>`select id from public.order_tags(${uuid('oficina')}, ${[second?.id ?? '']}::uuid[])`
	);
	expect(ordered[0]?.id).toBe(second?.id);
});
