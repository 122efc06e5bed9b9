import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';

const database = useDatabase();

interface Event {
	id: string;
	state: string;
	source: string;
	recorded_by: string | null;
	evidence_message_id: string | null;
	occurred_at: Date;
}

async function newContact(): Promise<{ id: string; conversation: string }> {
	const { id: conversation, phone } = await customerWrites(database, 'Pode mandar as ofertas');
	const [row] = await database.owner<{ id: string }[]>`select id from public.contacts where phone = ${phone}`;
	if (!row) throw new Error('no contact');
	return { id: row.id, conversation };
}

const record = async (
	person: Person,
	id: string,
	state: string,
	{ purpose = 'marketing', channel = 'whatsapp' as string | null, note = '', evidence = null as string | null } = {}
): Promise<Event | undefined> =>
	(
		await database.as(
			person,
			(sql) => sql<Event[]>`
				select * from public.record_consent(${id}, ${purpose}, ${channel}::public.channel_type, ${state}, ${note}, ${evidence})`
		)
	)[0];

const now = async (id: string) =>
	(
		await database.as(
			'caio',
			(sql) => sql<{ purpose: string; channel_type: string; state: string }[]>`
				select purpose, channel_type, state from public.consents where contact_id = ${id} order by purpose`
		)
	).map(({ purpose, channel_type, state }) => `${purpose} ${channel_type} ${state}`);
const optedOut = async (id: string) =>
	(
		await database.owner<
			{ marketing_opt_out: boolean }[]
		>`select marketing_opt_out from public.contacts where id = ${id}`
	)[0]?.marketing_opt_out;
const words = (id: string) =>
	database.owner<{ state: string; source: string }[]>`
		select state, source from public.consent_events where contact_id = ${id} order by created_at`;

test('what somebody allows is written down with who heard it, and the newest word holds', async () => {
	const { id } = await newContact();
	expect(await now(id)).toEqual([]);
	expect(await record('caio', id, 'granted', { note: 'Disse no balcão' })).toMatchObject({
		state: 'granted',
		source: 'member',
		recorded_by: uuid('caio')
	});
	expect(await now(id)).toEqual(['marketing whatsapp granted']);
	await record('caio', id, 'withdrawn');
	expect(await now(id)).toEqual(['marketing whatsapp withdrawn']);
	expect((await words(id)).map(({ state }) => state)).toEqual(['granted', 'withdrawn']);
});

test('a word about every channel holds on each, until a newer one about one of them', async () => {
	const { id } = await newContact();
	await record('caio', id, 'granted', { channel: null, purpose: 'survey' });
	expect(await now(id)).toEqual(['survey whatsapp granted']);
	await record('caio', id, 'denied', { purpose: 'survey' });
	expect(await now(id)).toEqual(['survey whatsapp denied']);
});

test('whoever stops marketing gets no marketing template, and does again when they say so', async () => {
	const { id } = await newContact();
	await record('caio', id, 'withdrawn');
	expect(await optedOut(id)).toBe(true);
	await record('caio', id, 'granted');
	expect(await optedOut(id)).toBe(false);
	// Of another purpose it says nothing.
	await record('caio', id, 'withdrawn', { purpose: 'survey' });
	expect(await optedOut(id)).toBe(false);
});

test('a message is evidence only of the person who wrote it, and dates the word', async () => {
	const { id, conversation } = await newContact();
	const other = await newContact();
	const messageOf = async (conversationId: string) =>
		(
			await database.owner<{ id: string; sent_at: Date }[]>`
				select id, sent_at from public.messages where conversation_id = ${conversationId} and kind = 'text'`
		)[0];
	const mine = await messageOf(conversation);
	const event = await record('caio', id, 'granted', { evidence: mine?.id ?? null });
	expect(event).toMatchObject({ source: 'message', evidence_message_id: mine?.id, occurred_at: mine?.sent_at });
	// Again is the same word.
	expect((await record('caio', id, 'granted', { evidence: mine?.id ?? null }))?.id).toBe(event?.id);
	const theirs = await messageOf(other.conversation);
	expect(await refusal(record('caio', id, 'granted', { evidence: theirs?.id ?? null }))).toBe('404 message_not_found');
});

test('pressed twice, a word is written down once', async () => {
	const { id } = await newContact();
	const first = await record('caio', id, 'granted');
	expect((await record('caio', id, 'granted'))?.id).toBe(first?.id);
	expect(await words(id)).toHaveLength(1);
});

test('nobody writes consents by hand, changes or deletes them; a viewer and a stranger record none', async () => {
	const { id } = await newContact();
	await record('caio', id, 'granted');
	for (const statement of [
		`insert into public.consent_events (tenant_id, contact_id, purpose, state, source, occurred_at) values ('${uuid('padaria')}', '${id}', 'marketing', 'granted', 'form', now())`,
		`update public.consent_events set state = 'denied'`,
		`delete from public.consent_events`,
		`update public.consents set state = 'denied'`
	])
		expect(await refusal(database.as('ana', (sql) => sql.unsafe(statement)))).toContain('42501');
	expect(await refusal(record('vera', id, 'denied'))).toBe('403 not_allowed');
	expect(await refusal(record('edu', id, 'denied'))).toBe('404 contact_not_found');
	expect(await refusal(record('caio', id, 'maybe'))).toBe('422 consent_invalid');
	expect(await refusal(record('caio', id, 'denied', { purpose: 'spam' }))).toBe('422 consent_invalid');
});

test('WhatsApp’s own switch is a word too: told again it is one, and one that comes late changes nothing', async () => {
	const { id } = await newContact();
	const [{ phone } = { phone: '' }] = await database.owner<{ phone: string }[]>`
		select phone from public.contacts where id = ${id}`;
	const preference = (value: string, at: string) =>
		database.owner`select private.receive_preference(${uuid('padaria')}, ${JSON.stringify({
			value,
			at,
			identities: [{ kind: 'phone', value: phone, address: phone }]
		})}::text::jsonb)`;
	await preference('stop', '2026-11-02T10:00:00Z');
	await preference('stop', '2026-11-02T10:00:00Z');
	expect(await words(id)).toEqual([{ state: 'withdrawn', source: 'provider' }]);
	await preference('resume', '2026-11-01T10:00:00Z');
	expect(await now(id)).toEqual(['marketing whatsapp withdrawn']);
	expect(await optedOut(id)).toBe(true);
	// In one moment both: the person is left alone.
	await preference('resume', '2026-11-02T10:00:00Z');
	expect(await now(id)).toEqual(['marketing whatsapp withdrawn']);
	expect(await optedOut(id)).toBe(true);
});

test('the words of two people made one are one story, and each has their own again when they are parted', async () => {
	const [keep, gone] = [await newContact(), await newContact()];
	await record('caio', keep.id, 'granted', { purpose: 'survey' });
	await record('caio', gone.id, 'granted');
	const [merge] = await database.as(
		'sofia',
		(sql) => sql<{ id: string }[]>`select id from public.merge_contacts(${keep.id}, ${gone.id})`
	);
	expect(await now(keep.id)).toEqual(['marketing whatsapp granted', 'survey whatsapp granted']);
	// Said by one of the two: both are left alone.
	await record('caio', keep.id, 'withdrawn', { purpose: 'survey' });
	await database.as('sofia', (sql) => sql`select public.part_contacts(${merge?.id ?? ''})`);
	expect(await now(keep.id)).toEqual(['survey whatsapp withdrawn']);
	expect(await now(gone.id)).toEqual(['marketing whatsapp granted', 'survey whatsapp withdrawn']);
});

test('a campaign finds who allows marketing on WhatsApp by one stretch of an index', async () => {
	await database.owner`
		with people as (
			insert into public.contacts (tenant_id, name) select ${uuid('padaria')}, 'P' from generate_series(1, 2000) returning id
		)
		select private.add_consent(${uuid('padaria')}, p.id, jsonb_build_object(
			'purpose', 'marketing', 'channel_type', 'whatsapp', 'state', 'granted', 'source', 'import', 'occurred_at', now()
		)) from people p`;
	await database.owner`analyze public.consents`;
	const [row] = await database.owner.unsafe(
		`explain (format json) select contact_id from public.consents
		where tenant_id = '${uuid('padaria')}' and purpose = 'marketing' and channel_type = 'whatsapp' and state = 'granted'
		order by contact_id limit 100`
	);
	expect(JSON.stringify(row)).toContain('consents_granted_idx');
});
