import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';
import { planOf } from '../plans/plan.ts';
import { answer, customerWrites, refusal } from '../threads.ts';

const database = useDatabase();

interface Entry {
	at: Date;
	id: string;
	type: string;
	conversation_id: string | null;
	seq: string | null;
	detail: Record<string, unknown>;
}

const page = (person: Person, contact: string) =>
	database.as(person, (sql) => sql<Entry[]>`select * from public.contact_story(${contact})`);
const contactOf = async (conversation: string) =>
	(
		await database.owner<
			{ contact_id: string }[]
		>`select contact_id from public.conversations where id = ${conversation}`
	)[0]?.contact_id ?? '';
const add = (person: Person, statement: string) => database.as(person, (sql) => sql.unsafe(statement));

test('a person’s story has all that happened to them, newest first', async () => {
	const { id, phone } = await customerWrites(database, 'Bom dia, tem pão?');
	await add('caio', `select public.assign_conversation('${id}', '${uuid('caio')}')`);
	await answer(database, 'caio', id, 'Tem sim!');
	await add('caio', `select public.add_note('${id}', gen_random_uuid(), '{"text": "Cliente de sempre"}')`);
	const contact = await contactOf(id);
	await add('caio', `select public.record_consent('${contact}', 'marketing', 'whatsapp', 'granted')`);
	await add(
		'caio',
		`select public.schedule_message('${id}', gen_random_uuid(), '{"kind": "text", "text": "Até amanhã"}', now() + interval '1 hour')`
	);
	await add('caio', `select public.close_conversation('${id}')`);
	await receive(database.door, [delivery([textFrom(phone, 'Voltei', { sent_at: new Date().toISOString() })])]);

	const story = await page('ana', contact);
	expect(story.map(({ type }) => type).sort()).toEqual(
		[
			'activity',
			'activity',
			'closed',
			'consent',
			'message',
			'message',
			'message',
			'note',
			'opened',
			'opened',
			'scheduled'
		].sort()
	);
	expect(story[0]).toMatchObject({ type: 'scheduled', detail: { text: 'Até amanhã' } });
	expect(story.map(({ at }) => at.getTime())).toEqual(
		story.map(({ at }) => at.getTime()).toSorted((one, other) => other - one)
	);
	expect(new Set(story.flatMap(({ conversation_id }) => conversation_id ?? [])).size).toBe(2);
	expect(story.find(({ type }) => type === 'note')?.detail).toMatchObject({
		text: 'Cliente de sempre',
		author_id: uuid('caio')
	});
});

test('pages end where the next begins: nothing is missing and nothing is double', async () => {
	const { id, phone } = await customerWrites(database, 'Um');
	const at = new Date().toISOString();
	// Five of one moment: the id settles them.
	for (let n = 0; n < 5; n++) await receive(database.door, [delivery([textFrom(phone, `Mais ${n}`, { sent_at: at })])]);
	await answer(database, 'ana', id, 'Oi!');
	const contact = await contactOf(id);
	const whole = await page('ana', contact);
	const found: Entry[] = [];
	for (let last: Entry | null = null, rows: Entry[]; ; last = rows.at(-1) ?? null) {
		rows = await database.as(
			'ana',
			(sql) => sql<Entry[]>`
				select s.* from (select 1) _
				left join lateral (select ${last?.id ?? null}::uuid as id) l on true
				cross join lateral public.contact_story(
					${contact},
					(select b.at from public.contact_story(${contact}) b where b.id = l.id and b.type = ${last?.type ?? null}),
					l.id, 2
				) s`
		);
		found.push(...rows);
		if (rows.length < 2) break;
	}
	expect(found.map(({ id, type }) => `${type} ${id}`)).toEqual(whole.map(({ id, type }) => `${type} ${id}`));
});

test('an agent reads of conversations they see, and of no others; another company finds nobody', async () => {
	const { id } = await customerWrites(database, 'É segredo');
	await add('ana', `select public.assign_conversation('${id}', '${uuid('duda')}')`);
	const contact = await contactOf(id);
	await add('ana', `select public.record_consent('${contact}', 'survey', null, 'denied')`);
	expect((await page('caio', contact)).map(({ type }) => type)).toEqual(['consent']);
	expect((await page('duda', contact)).map(({ type }) => type)).toContain('message');
	expect(await refusal(page('bruno', contact))).toBe('404 contact_not_found');
});

test('of two people made one there is one story, which tells of it', async () => {
	const [one, other] = [await customerWrites(database, 'Sou eu'), await customerWrites(database, 'Sou eu também')];
	const [keep, gone] = [await contactOf(one.id), await contactOf(other.id)];
	await add('sofia', `select public.merge_contacts('${keep}', '${gone}')`);
	const story = await page('ana', keep);
	expect(story.filter(({ type }) => type === 'message').map(({ detail }) => detail['text'])).toEqual(
		expect.arrayContaining(['Sou eu', 'Sou eu também'])
	);
	expect(story.find(({ type }) => type === 'merged')?.detail).toMatchObject({ by: uuid('sofia') });
});

describe('at volume', () => {
	const contact = randomUUID();
	const tenant = uuid('padaria');

	beforeAll(async () => {
		// Twelve months of one talkative person, among others.
		await database.owner`insert into public.contacts (id, tenant_id, name) values (${contact}, ${tenant}, 'Fala muito')`;
		await database.owner`
			with threads as (
				insert into public.conversations (tenant_id, contact_id, channel_id, status, closed_at, created_at, last_seq)
				select ${tenant}, ${contact}, ${uuid('padaria channel')}, 'closed', now() - n * interval '20 days', now() - n * interval '20 days' - interval '1 day', 2000
				from generate_series(1, 10) n
				returning id, closed_at
			)
			insert into public.messages (
				tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, external_id, status, sent_at, created_at, media
			)
			select
				${tenant}, t.id, ${contact}, ${uuid('padaria channel')}, s, 'in', 'contact', case when s % 50 = 0 then 'image' else 'text' end,
				'{"kind": "text", "text": "oi"}', 'oi', t.id || ':' || s, 'received', t.closed_at - s * interval '30 seconds',
				t.closed_at - s * interval '30 seconds', case when s % 50 = 0 then '{"status": "stored", "path": "x"}'::jsonb end
			from threads t, generate_series(1, 2000) s`;
		await database.owner`analyze public.messages, public.conversations`;
	}, 120_000);

	test('a page of twenty thousand messages costs one descent a partition, wherever it begins', async () => {
		const newest = await planOf(
			database,
			'ana',
			`select m.id, m.sent_at from public.messages m
			where m.tenant_id = '${tenant}' and m.contact_id = '${contact}' and m.kind not in ('reaction', 'edit', 'revoke')
				and m.sent_at <= now() - interval '100 days'
			order by m.sent_at desc limit 60`
		);
		expect(newest).toMatchObject({ rows: 60, scanned: [], sorted: false });
		expect(newest.pages).toBeLessThan(120);
		for (const since of ['null', `now() - interval '100 days'`]) {
			const whole = await planOf(
				database,
				'ana',
				`select * from public.contact_story('${contact}', ${since}, null, 60)`
			);
			expect(whole.rows).toBe(60);
			expect(whole.pages).toBeLessThan(900);
		}
	});

	test('a page of files comes from the index of files', async () => {
		const files = await planOf(
			database,
			'caio',
			`select * from public.messages m
			where m.tenant_id = '${tenant}' and m.contact_id = '${contact}' and m.kind = 'image' and m.media is not null
			order by m.sent_at desc limit 40`
		);
		expect(files.scanned).toEqual([]);
		expect(files.indexes.join()).toContain('contact_id_kind_sent_at');
	});
});
