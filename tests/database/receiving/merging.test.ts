import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Identity } from '../../../core/src/whatsapp/events.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { answer, claim, messageNow } from '../threads.ts';
import { brokenThreads } from './ledger.ts';

const database = useDatabase();

let people = 0;
/** A person whom the company knows as two: by phone and by user id. */
function twofold(): { phone: Identity; user: Identity; write(by: Identity[], text: string): Promise<unknown> } {
	const n = ++people;
	const phone: Identity = { kind: 'phone', value: `551198760000${n}`, address: `551198760000${n}` };
	const user: Identity = { kind: 'bsuid', value: `BR.${n}`, address: `BR.${n}` };
	return {
		phone,
		user,
		write: (by, text) => receive(database.door, [delivery([textFrom('', text, { identities: by })])])
	};
}
const threadsOf = (identity: Identity) => database.owner<
	{ id: string; status: string; unread_count: number; bodies: string[] }[]
>`
	select c.id, c.status, c.unread_count, array_agg(m.body order by m.seq) filter (where not m.is_private) as bodies
	from public.contact_identities i
	join public.conversations c on c.contact_id = i.contact_id
	join public.messages m on m.conversation_id = c.id
	where i.value = ${identity.value}
	group by c.id
	order by c.created_at`;

test('two threads of one person become one, and nothing said in either is lost', async () => {
	const maria = twofold();
	await maria.write([maria.phone], 'um');
	await maria.write([maria.user], 'dois');
	await maria.write([maria.phone], 'três');
	await maria.write([maria.phone, maria.user], 'quatro');
	const threads = await threadsOf(maria.user);
	expect(threads).toEqual(await threadsOf(maria.phone));
	expect(threads).toMatchObject([{ status: 'open', unread_count: 4 }]);
	expect(threads[0]?.bodies.toSorted()).toEqual(['dois', 'quatro', 'três', 'um']);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test.each([
	['both were read', true, true, 1],
	['the newer was read', false, true, 3],
	['the older was read', true, false, 2],
	['neither was read', false, false, 3]
])('where %s, what is unread afterwards is what somebody has still to read', async (_, older, newer, unread) => {
	const maria = twofold();
	await maria.write([maria.phone], 'um');
	await maria.write([maria.user], 'dois');
	for (const [identity, read] of [
		[maria.phone, older],
		[maria.user, newer]
	] as const) {
		const [one] = await threadsOf(identity);
		if (read) await database.as('ana', (sql) => sql`select public.mark_read(${String(one?.id)}, 1)`);
	}
	await maria.write([maria.phone, maria.user], 'sou eu');
	expect(await threadsOf(maria.phone)).toMatchObject([{ unread_count: unread }]);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('closed threads stay threads of their own, of the one contact', async () => {
	const maria = twofold();
	await maria.write([maria.phone], 'antes');
	const [old] = await threadsOf(maria.phone);
	await database.as('ana', (sql) => sql`select public.close_conversation(${String(old?.id)})`);
	await maria.write([maria.user], 'agora');
	await maria.write([maria.phone, maria.user], 'sou eu');
	expect(await threadsOf(maria.phone)).toMatchObject([
		{ status: 'closed', bodies: ['antes'] },
		{ status: 'open', bodies: ['agora', 'sou eu'] }
	]);
});

test('an answer that waits to be sent when its thread is joined to another is sent from there', async () => {
	const maria = twofold();
	await maria.write([maria.phone], 'um');
	await maria.write([maria.user], 'dois');
	const [[kept], [gone]] = [await threadsOf(maria.phone), await threadsOf(maria.user)];
	const message = await answer(database, 'ana', String(gone?.id), 'Já vai');
	await maria.write([maria.phone, maria.user], 'sou eu');

	expect(await messageNow(database, message.id)).toMatchObject({ conversation_id: kept?.id, status: 'queued' });
	expect(await database.owner`select conversation_id from private.outbox`).toEqual([{ conversation_id: kept?.id }]);
	expect(await claim(database, String(gone?.id))).toBeNull();
	expect((await claim(database, String(kept?.id)))?.message_id).toBe(message.id);
});

test('the answer to a message keeps its place when the same click is repeated after a merge', async () => {
	const maria = twofold();
	await maria.write([maria.phone], 'um');
	await maria.write([maria.user], 'dois');
	const [kept] = await threadsOf(maria.phone);
	const clientId = randomUUID();
	const message = await answer(database, 'ana', String(kept?.id), 'Oi', { clientId });
	await maria.write([maria.phone, maria.user], 'sou eu');
	expect((await answer(database, 'ana', String(kept?.id), 'Oi', { clientId })).id).toBe(message.id);
});

test('a person who changes number keeps their thread, and is written to at the new one', async () => {
	const maria = twofold();
	await maria.write([maria.phone], 'meu número antigo');
	const next: Identity = { kind: 'phone', value: '5521987650000', address: '5521987650000' };
	const moment = new Date().toISOString();
	await receive(database.door, [
		delivery([
			{ ...textFrom('', ''), type: 'identity', identities: [maria.phone, next], at: moment, detail: null } as never
		])
	]);
	await maria.write([next], 'meu número novo');
	const threads = await threadsOf(next);
	expect(threads).toMatchObject([{ bodies: ['meu número antigo', 'meu número novo'] }]);
	await answer(database, 'ana', String(threads[0]?.id));
	expect(await claim(database, String(threads[0]?.id))).toMatchObject({ to: next.address });
});

test('contacts are joined within one company only', async () => {
	const maria = twofold();
	await maria.write([maria.phone], 'na padaria');
	const garage = { phone_number_id: '106540352242933' };
	await receive(database.door, [
		delivery([textFrom('', 'na oficina', { ...garage, identities: [maria.user] })]),
		delivery([textFrom('', 'na oficina', { ...garage, identities: [maria.phone, maria.user] })])
	]);
	const rows = await database.owner`
		select t.slug, count(distinct i.contact_id)::integer as contacts, count(*)::integer as identities
		from public.contact_identities i
		join public.tenants t on t.id = i.tenant_id
		where i.value in (${maria.phone.value}, ${maria.user.value})
		group by t.slug
		order by t.slug`;
	expect(rows).toEqual([
		{ slug: 'oficina', contacts: 1, identities: 2 },
		{ slug: 'padaria', contacts: 1, identities: 1 }
	]);
});
