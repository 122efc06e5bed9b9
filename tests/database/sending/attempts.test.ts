import { expect, test } from 'vitest';
import type { Status } from '../../../core/src/whatsapp/events.ts';
import { useDatabase, type Sql } from '../database.ts';
import { delivery, receive } from '../deliveries.ts';
import { NUMBERS, uuid } from '../people.ts';
import { answer, claim, customerWrites, endPause, messageNow, refusal, settle } from '../threads.ts';

const database = useDatabase();

/** A webhook's word on a message that we sent: the provider's id, and ours that it gives back. */
const told = (external_id: string, opaque: string, status: Status['status'] = 'sent'): Status => ({
	type: 'status',
	phone_number_id: NUMBERS.padaria,
	waba_id: `${NUMBERS.padaria}9`,
	identities: [],
	name: null,
	username: null,
	external_id,
	status,
	at: new Date().toISOString(),
	opaque,
	error: null,
	pricing: null
});
const attemptsOf = async (id: string) =>
	(await database.owner`select result from public.message_attempts where message_id = ${id} order by started_at`).map(
		({ result }) => result as string | null
	);
/** As if the attempts of a message were begun this long ago. */
const age = (id: string, minutes: number) => database.owner`
	update public.message_attempts set started_at = started_at - make_interval(mins => ${minutes}) where message_id = ${id}`;
const expire = async () => {
	const [row] = await database.worker`select private.expire_unknown_sends() as expired`;
	return row?.expired as number;
};

test('the attempt is written before the call, with all that the call needs', async () => {
	const { id, phone } = await customerWrites(database);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${uuid('padaria channel')}, 'access_token', 'k1', ${Buffer.alloc(12, 1)}, ${Buffer.from('secret')})`;
	const message = await answer(database, 'caio', id, 'Sai às dez');
	const claimed = await claim(database, id);
	expect(claimed).toMatchObject({
		message_id: message.id,
		seq: 2,
		content: { kind: 'text', text: 'Sai às dez' },
		to: phone,
		recipient: null,
		phone_number_id: NUMBERS.padaria,
		quoted_external_id: null,
		token: { key_id: 'k1', nonce: '01'.repeat(12), ciphertext: Buffer.from('secret').toString('hex') }
	});
	expect((await messageNow(database, message.id)).status).toBe('sending');
	expect(await attemptsOf(message.id)).toEqual([null]);
});

test('messages leave in the order in which they were written', async () => {
	const { id } = await customerWrites(database);
	for (const text of ['um', 'dois', 'três']) await answer(database, 'caio', id, text);
	const sent: string[] = [];
	for (let next = await claim(database, id); next; next = await claim(database, id)) {
		sent.push(next.content.text);
		await settle(database, next, { result: 'accepted', external_id: `order ${next.seq}` });
	}
	expect(sent).toEqual(['um', 'dois', 'três']);
});

test('what the provider takes is sent, and known by its id when its statuses come', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	const claimed = await claim(database, id);
	await settle(database, claimed, { result: 'accepted', external_id: 'taken' });
	expect(await messageNow(database, message.id)).toMatchObject({ status: 'sent', external_id: 'taken' });
	await receive(database.door, [delivery([told('taken', message.id, 'read')])]);
	expect((await messageNow(database, message.id)).status).toBe('read');
});

test('settling twice changes nothing', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	const attempt = await claim(database, id);
	await settle(database, attempt, { result: 'accepted', external_id: 'once' });
	for (const result of ['accepted', 'failed', 'retry', 'hold', 'unknown']) {
		await settle(database, attempt, { result, external_id: 'twice', error: { code: 1 } });
	}
	expect(await messageNow(database, message.id)).toMatchObject({ status: 'sent', external_id: 'once', error: null });
	expect(await attemptsOf(message.id)).toEqual(['accepted']);
});

test('a worker that dies in the middle of its call leaves it unknown: it is never sent again by itself', async () => {
	const { id } = await customerWrites(database);
	const [lost, next] = [await answer(database, 'caio', id, 'perdida'), await answer(database, 'caio', id, 'seguinte')];
	await claim(database, id);
	expect((await claim(database, id))?.message_id).toBe(next.id);
	expect(await attemptsOf(lost.id)).toEqual(['unknown']);
	expect(await claim(database, id)).toBeNull();
	expect((await messageNow(database, lost.id)).status).toBe('sending');
});

test('after ten minutes an unknown outcome is shown to a person, not a minute before', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	await claim(database, id);
	await age(message.id, 9);
	expect(await expire()).toBe(0);
	await age(message.id, 2);
	expect(await expire()).toBe(1);
	expect(await messageNow(database, message.id)).toMatchObject({
		status: 'failed',
		error: { code: 'outcome_unknown' }
	});
});

test('a status webhook settles what its worker did not live to see, before and after those ten minutes', async () => {
	for (const late of [false, true]) {
		const { id } = await customerWrites(database);
		const message = await answer(database, 'caio', id);
		await claim(database, id);
		if (late) {
			await age(message.id, 11);
			await expire();
		}
		await receive(database.door, [delivery([told(`seen ${late}`, message.id, 'sent')])]);
		expect(await messageNow(database, message.id)).toMatchObject({
			status: 'sent',
			external_id: `seen ${late}`,
			error: null
		});
		expect(await attemptsOf(message.id)).toEqual(['accepted']);
	}
});

test('a status that overtakes the answer to its own call is not lost, nor does it hold anybody up', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	const claimed = await claim(database, id);
	let status: Promise<unknown> = Promise.resolve();
	await database.worker.begin(async (sql) => {
		const outcomes = JSON.stringify([{ ...claimed, result: 'accepted', external_id: 'raced' }]);
		await sql`select private.settle_sends(${outcomes}::text::jsonb)`;
		status = receive(database.door as Sql, [delivery([told('raced', message.id, 'delivered')])]);
		await new Promise((done) => setTimeout(done, 200));
	});
	await status;
	expect(await messageNow(database, message.id)).toMatchObject({ status: 'delivered', external_id: 'raced' });
});

test('a status without our id waits for the answer that names its message', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	const claimed = await claim(database, id);
	await receive(database.door, [delivery([{ ...told('early', '', 'delivered'), opaque: null }])]);
	expect((await messageNow(database, message.id)).status).toBe('sending');
	await settle(database, claimed, { result: 'accepted', external_id: 'early' });
	expect((await messageNow(database, message.id)).status).toBe('delivered');
});

/** Seconds until a conversation may send. */
const waits = async (id: string) => {
	const [row] = await database.owner<{ seconds: number }[]>`
		select extract(epoch from due_at - now())::integer as seconds from private.outbox where conversation_id = ${id}`;
	return row?.seconds;
};

test('what may pass is tried again later, in its place', async () => {
	const { id } = await customerWrites(database);
	const [first] = [await answer(database, 'caio', id, 'um'), await answer(database, 'caio', id, 'dois')];
	await settle(database, await claim(database, id), { result: 'retry', error: { code: 131000 }, after_seconds: 60 });
	expect((await messageNow(database, first.id)).status).toBe('queued');
	expect(await waits(id)).toBeGreaterThan(50);
	expect(await claim(database, id)).toBeNull();
	await endPause(database, id);
	expect((await claim(database, id))?.message_id).toBe(first.id);
});

test('one more message does not call a pause off that the provider asked for', async () => {
	const { id } = await customerWrites(database);
	await answer(database, 'caio', id, 'um');
	await settle(database, await claim(database, id), { result: 'retry', error: { code: 131056 }, after_seconds: 60 });
	await answer(database, 'caio', id, 'dois');
	expect(await waits(id)).toBeGreaterThan(50);
	expect(await claim(database, id)).toBeNull();
});

test('each try knows which one it is, and a person’s word begins anew', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	const tries: (number | undefined)[] = [];
	for (const result of ['retry', 'retry', 'hold', 'failed']) {
		const claimed = await claim(database, id);
		tries.push(claimed?.attempt);
		await settle(database, claimed, { result, error: { code: 2 } });
		await database.owner`
			update public.channels set status = 'connected', status_detail = null where id = ${uuid('padaria channel')}`;
		await endPause(database, id);
	}
	await database.as('caio', (sql) => sql`select public.retry_message(${message.id})`);
	tries.push((await claim(database, id))?.attempt);
	expect(tries).toEqual([1, 2, 3, 3, 1]);
});

test('the answer to a call does not wait for a status webhook that holds its message: it is settled a moment later', async () => {
	const { id } = await customerWrites(database);
	const other = await customerWrites(database);
	const [message, second] = [await answer(database, 'caio', id), await answer(database, 'caio', other.id)];
	const claims = [await claim(database, id), await claim(database, other.id)];
	const outcomes = claims.map((claim, n) => ({ ...claim, result: 'accepted', external_id: `both ${n}` }));
	const settleAll = async () => {
		const [row] = await database.worker<{ busy: string[] }[]>`
			select private.settle_sends(${JSON.stringify(outcomes)}::text::jsonb) as busy`;
		return row?.busy;
	};
	await database.owner.begin(async (sql) => {
		// A status webhook that has its message and is about to look at the attempts.
		await sql`select from public.messages where id = ${message.id} for update`;
		expect(await settleAll()).toEqual([claims[0]?.attempt_id]);
		await sql`update public.message_attempts set result = 'accepted', finished_at = now() where message_id = ${message.id}`;
	});
	expect(await messageNow(database, second.id)).toMatchObject({ status: 'sent', external_id: 'both 1' });
	expect(await settleAll()).toEqual([]);
	expect(await attemptsOf(message.id)).toEqual(['accepted']);
	expect(await claim(database, id)).toBeNull();
});

test('what the provider refuses has failed, with its reason; a person may send it once more', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	const error = { code: 131026, title: 'Message undeliverable', details: null };
	await settle(database, await claim(database, id), { result: 'failed', error });
	expect(await messageNow(database, message.id)).toMatchObject({ status: 'failed', error });

	const retry = (person: 'caio' | 'vera' | 'bruno') =>
		database.as(person, (sql) => sql`select (public.retry_message(${message.id})).status`);
	expect(await refusal(retry('vera'))).toBe('403 not_allowed');
	expect(await refusal(retry('bruno'))).toBe('404 message_not_found');
	expect(await retry('caio')).toEqual([{ status: 'queued' }]);
	expect(await refusal(retry('caio'))).toBe('409 message_not_failed');
	expect((await claim(database, id))?.message_id).toBe(message.id);
});

test('a message sent once more at a person’s word has its own ten minutes', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	await claim(database, id);
	await age(message.id, 11);
	await expire();
	await database.as('caio', (sql) => sql`select public.retry_message(${message.id})`);
	await claim(database, id);
	expect(await expire()).toBe(0);
	expect((await messageNow(database, message.id)).status).toBe('sending');
});

test('a person is written to by the number they have now, or by their user id where there is none', async () => {
	const { id } = await customerWrites(database);
	await database.owner`
		insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
		select tenant_id, contact_id, 'bsuid', 'BR.77', 'BR.77' from public.conversations where id = ${id}`;
	await answer(database, 'caio', id);
	expect(await claim(database, id)).toMatchObject({ recipient: 'BR.77', to: expect.stringMatching(/^5511/) });

	await database.owner`
		delete from public.contact_identities where kind = 'phone' and contact_id = (select contact_id from public.conversations where id = ${id})`;
	await answer(database, 'caio', id);
	expect(await claim(database, id)).toMatchObject({ recipient: 'BR.77', to: null });
});
