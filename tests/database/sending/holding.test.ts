import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { answer, claim, customerWrites, messageNow, settle } from '../threads.ts';

const database = useDatabase();
const error = { code: 190, title: 'Access token has expired', details: null };

test('a channel whose token is refused holds its outbox, says why, and sends everything once it is well', async () => {
	const [one, other] = [await customerWrites(database), await customerWrites(database)];
	const first = await answer(database, 'caio', one.id, 'um');
	await answer(database, 'caio', one.id, 'dois');
	const third = await answer(database, 'caio', other.id, 'três');

	await settle(database, await claim(database, one.id), { result: 'hold', error });
	const [channel] = await database.as(
		'ana',
		(sql) => sql`select status, status_detail from public.channels where id = ${uuid('padaria channel')}`
	);
	expect(channel).toEqual({ status: 'attention', status_detail: error });
	expect((await messageNow(database, first.id)).status).toBe('queued');
	expect(await claim(database, one.id)).toBeNull();
	expect(await claim(database, other.id)).toBeNull();

	// What is written meanwhile waits with the rest.
	expect((await answer(database, 'caio', other.id, 'quatro')).status).toBe('queued');

	await database.owner`delete from graphile_worker._private_jobs`;
	await database.owner`
		update public.channels set status = 'connected', status_detail = null where id = ${uuid('padaria channel')}`;
	const jobs = await database.owner`select key from graphile_worker.jobs order by key`;
	expect(jobs.map(({ key }) => String(key))).toEqual([0, 1, 2, 3].map((n) => `outbox:${uuid('padaria channel')}:${n}`));
	expect((await claim(database, one.id))?.content.text).toBe('um');
	expect((await claim(database, other.id))?.message_id).toBe(third.id);
});

test('an admin takes a held channel back into use, and so does a new access token; one that was taken out stays out', async () => {
	const { owner } = database;
	const hold = () =>
		owner`update public.channels set status = 'attention', status_detail = '{}' where id = ${uuid('padaria channel')}`;
	const status = async () =>
		(await owner`select status from public.channels where id = ${uuid('padaria channel')}`)[0]?.status as string;

	await hold();
	await database.as('ana', (sql) => sql`select public.reconnect_channel(${uuid('padaria channel')})`);
	expect(await status()).toBe('connected');

	await hold();
	await owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${uuid('padaria channel')}, 'access_token', 'k1', ${Buffer.alloc(12)}, ${Buffer.alloc(20)})`;
	expect(await status()).toBe('connected');

	const conversation = await customerWrites(database);
	await answer(database, 'caio', conversation.id, 'um');
	const attempt = await claim(database, conversation.id);
	await owner`update public.channels set status = 'disconnected' where id = ${uuid('padaria channel')}`;
	await settle(database, attempt, { result: 'hold', error });
	expect(await status()).toBe('disconnected');
});

test('the worker asks in vain about a channel that is gone', async () => {
	const [channel, drain] = [uuid('no such channel'), uuid('drain')];
	const [row] = await database.worker`
		select private.begin_drain(${channel}, 0, ${drain}) as left_behind,
			private.claim_sends(${channel}, 0, ${drain}, 10) as turn`;
	expect(row).toEqual({ left_behind: 0, turn: { stop: true, claims: [] } });
});
