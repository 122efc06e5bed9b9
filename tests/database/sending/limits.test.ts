import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { Status } from '../../../core/src/whatsapp/events.ts';
import { queueLoad } from '../../outbox_load.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive } from '../deliveries.ts';
import { NUMBERS, uuid } from '../people.ts';
import { answer, claim, customerWrites, messageNow, settle } from '../threads.ts';

const database = useDatabase();
const channel = uuid('padaria channel');

interface Taken {
	attempt_id: string;
	conversation_id: string;
	message_id: string;
	lane: number;
	to: string;
}

/** A worker drains a shard: takes what may go, once. */
async function take(shard: number, most = 1_000): Promise<{ claims: Taken[]; next_ms: number | null }> {
	const drain = randomUUID();
	await database.worker`select private.begin_drain(${channel}, ${shard}, ${drain})`;
	const [row] = await database.worker<{ turn: { claims: Taken[]; next_ms: number | null } }[]>`
		select private.claim_sends(${channel}, ${shard}, ${drain}, ${most}) as turn`;
	return row?.turn ?? { claims: [], next_ms: null };
}

/** Four workers take whatever may go now, at the same time, and all of it is accepted. Gives how many. */
async function sendWhatMay(): Promise<number> {
	const turns = await Promise.all([0, 1, 2, 3].map((shard) => take(shard)));
	const claims = turns.flatMap((turn) => turn.claims);
	const outcomes = claims.map((claim) => ({ ...claim, result: 'accepted', external_id: randomUUID() }));
	await database.worker`select private.settle_sends(${JSON.stringify(outcomes)}::text::jsonb)`;
	return claims.length;
}

/** Lets time pass for whoever waits for their pace. */
async function pass(seconds: number): Promise<void> {
	await database.owner`update private.pair_paces set paid_back_at = paid_back_at - make_interval(secs => ${seconds})`;
	await database.owner`update private.outbox set due_at = due_at - make_interval(secs => ${seconds})`;
}

beforeEach(async () => {
	await database.owner`truncate private.outbox, private.pair_paces, private.portfolio_people, private.portfolio_minutes, private.sending_limits`;
	await database.owner`update public.channels set messaging_limit = null, portfolio_id = null`;
});

test('departures are promised evenly, 3 % wider apart than the limit, however many workers ask at once', async () => {
	await database.owner`update public.channels set messages_per_second = 100 where id = ${channel}`;
	const asked = await Promise.all(
		Array.from(
			{ length: 4 },
			() => database.worker`select * from private.take_slots(${channel}, 5)` as unknown as Promise<Slots[]>
		)
	);
	const times = asked
		.flatMap(([slots]) =>
			Array.from(
				{ length: slots?.count ?? 0 },
				(_, n) => (slots?.now_ms ?? 0) + (slots?.start_ms ?? 0) + n * (slots?.interval_ms ?? 0)
			)
		)
		.sort((one, other) => one - other);
	expect(times).toHaveLength(20);
	for (const [n, at] of times.slice(1).entries()) expect(at - (times[n] ?? 0)).toBeGreaterThan(10.29);
});

interface Slots {
	now_ms: number;
	start_ms: number;
	interval_ms: number;
	count: number;
}

test('a paused channel promises nothing, and one without a limit anything', async () => {
	await database.owner`update public.channels set messages_per_second = null where id = ${channel}`;
	const [free] = await database.worker`select count, interval_ms from private.take_slots(${channel}, 500)`;
	expect(free).toEqual({ count: 500, interval_ms: null });
	await database.owner`update private.sending_limits set paused_until = now() + interval '5 seconds'`;
	const [paused] =
		await database.worker`select count, paused_ms > 4000 as paused from private.take_slots(${channel}, 5)`;
	expect(paused).toEqual({ count: 0, paused: true });
	expect(await sendWhatMay()).toBe(0);
});

test('to one person 45 messages go at once, and the next ones 6 seconds apart, while others are not held up', async () => {
	await queueLoad(database.owner, { channelId: channel, name: 'pair', conversations: 1, each: 50 });
	let sent = 0;
	for (let n = await sendWhatMay(); n > 0; n = await sendWhatMay()) sent += n;
	// The last of the burst may wait half a second, for messages that arrive closer than they left.
	expect(sent).toBeGreaterThanOrEqual(44);
	if (sent === 44) {
		await pass(1);
		sent += await sendWhatMay();
	}
	expect(sent).toBe(45);
	await queueLoad(database.owner, { channelId: channel, name: 'others', conversations: 3, each: 1 });
	expect(await sendWhatMay()).toBe(3);

	for (const seconds of [6, 6, 6]) {
		await pass(seconds);
		expect(await sendWhatMay()).toBe(1);
		expect(await sendWhatMay()).toBe(0);
	}
});

test('what somebody waits for goes before what is bulk, and pulls what is before it in its conversation', async () => {
	await queueLoad(database.owner, { channelId: channel, name: 'bulk', conversations: 40, each: 1, lane: 1 });
	const { id } = await customerWrites(database);
	await answer(database, 'caio', id, 'Já vai');
	const [row] = await database.owner<
		{ shard: number }[]
	>`select shard from private.outbox where conversation_id = ${id}`;
	const first = (await take(row?.shard ?? 0, 1)).claims;
	expect(first).toMatchObject([{ conversation_id: id, lane: 0 }]);

	const [mixed] = await database.owner<{ conversation_id: string; shard: number }[]>`
		select conversation_id, shard from private.outbox where lane = 1 and shard <> ${row?.shard ?? 0} limit 1`;
	const conversation = mixed?.conversation_id ?? '';
	await answer(database, 'sofia', conversation, 'E mais isto');
	expect((await take(mixed?.shard ?? 0, 1)).claims).toMatchObject([{ conversation_id: conversation, lane: 1 }]);
});

/** Templates to so many people whose window is closed. */
async function queueOutside(name: string, people: number): Promise<void> {
	await queueLoad(database.owner, { channelId: channel, name, conversations: people, each: 1, lane: 1 });
	await database.owner`
		update public.messages set kind = 'template', content = '{"kind": "template", "name": "oferta", "language": "pt_BR", "components": []}'
		where status = 'queued'`;
	await database.owner`update public.conversations set window_expires_at = now() - interval '1 day'`;
}

test('a portfolio writes to so many people outside their window in 24 hours; who is over it waits and leaves when there is room', async () => {
	await database.owner`update public.channels set messaging_limit = 250, portfolio_id = '77777777' where id = ${channel}`;
	await queueOutside('quota', 400);
	let sent = 0;
	for (let n = await sendWhatMay(); n > 0; n = await sendWhatMay()) sent += n;
	expect(sent).toBe(250);
	const [waiting] = await database.owner`
		select count(*)::integer as people, bool_and(o.due_at between now() + interval '23 hours 58 minutes' and now() + interval '24 hours 2 minutes') as tomorrow
		from private.outbox o join public.messages m on m.conversation_id = o.conversation_id and m.status = 'queued'`;
	expect(waiting).toEqual({ people: 150, tomorrow: true });

	// A day later.
	await database.owner`update private.portfolio_minutes set minute = minute - interval '25 hours'`;
	await database.owner`update private.portfolio_people set counted_at = counted_at - interval '25 hours'`;
	await database.owner`update private.outbox set due_at = now()`;
	await database.owner`update private.pair_paces set paid_back_at = now()`;
	expect(await sendWhatMay()).toBe(150);
});

test('a person counts once in 24 hours, and whoever is inside their window not at all', async () => {
	await database.owner`update public.channels set messaging_limit = 2, portfolio_id = '77777777' where id = ${channel}`;
	await queueOutside('once', 2);
	expect(await sendWhatMay()).toBe(2);
	await database.owner`update public.messages set status = 'queued', external_id = null where body = '1' and status = 'sent' and kind = 'template' and conversation_id in (select md5('once conversation ' || n)::uuid from generate_series(1, 2) n)`;
	await database.owner`select private.enqueue_sends(array(select md5('once conversation ' || n)::uuid from generate_series(1, 2) n))`;
	expect(await sendWhatMay()).toBe(2);

	await queueLoad(database.owner, { channelId: channel, name: 'inside', conversations: 3, each: 1 });
	expect(await sendWhatMay()).toBe(3);
	await queueOutside('third', 1);
	expect(await sendWhatMay()).toBe(0);
});

test('a failure that only a status webhook tells is acted on like one that the call was answered with', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id);
	await settle(database, await claim(database, id), { result: 'accepted', external_id: 'late-no' });
	const failed: Status = {
		type: 'status',
		phone_number_id: NUMBERS.padaria,
		waba_id: `${NUMBERS.padaria}9`,
		identities: [],
		name: null,
		username: null,
		external_id: 'late-no',
		status: 'failed',
		at: new Date().toISOString(),
		opaque: message.id,
		error: { code: 131050, title: 'User has stopped marketing', details: null } as never,
		pricing: null
	};
	await receive(database.door, [delivery([failed])]);
	expect(await messageNow(database, message.id)).toMatchObject({ status: 'failed', error: { code: 131050 } });
	const [person] = await database.owner`
		select p.marketing_opt_out from public.contacts p join public.conversations c on c.contact_id = p.id where c.id = ${id}`;
	expect(person).toEqual({ marketing_opt_out: true });
});

test('whoever was taken for dead and goes on draining is told to stop', async () => {
	const [late, next] = [randomUUID(), randomUUID()];
	await database.worker`select private.begin_drain(${channel}, 1, ${late})`;
	await database.worker`select private.begin_drain(${channel}, 1, ${next})`;
	const [row] = await database.worker`
		select private.claim_sends(${channel}, 1, ${late}, 1) -> 'stop' as late, private.claim_sends(${channel}, 1, ${next}, 1) -> 'stop' as next`;
	expect(row).toEqual({ late: true, next: null });
});

test('claims whose answer got lost on the way to the worker are put back, and go once', async () => {
	await queueLoad(database.owner, { channelId: channel, name: 'lost', conversations: 8, each: 1 });
	const drain = randomUUID();
	const [shard] = await database.owner<
		{ shard: number }[]
	>`select shard from private.outbox group by shard order by count(*) desc limit 1`;
	const at = shard?.shard ?? 0;
	await database.worker`select private.begin_drain(${channel}, ${at}, ${drain})`;
	const turn = async () => {
		const [row] = await database.worker<{ turn: { claims: Taken[] } }[]>`
			select private.turn_outbox(${channel}, ${at}, ${drain}, '[]', 100) as turn`;
		return row?.turn.claims.map(({ message_id }) => message_id).sort();
	};
	const lost = await turn();
	expect(lost?.length).toBeGreaterThan(0);
	expect(await turn()).toEqual([]);
	await database.worker`select private.recover_claims(${channel}, ${at}, ${drain}, '{}')`;
	expect(await turn()).toEqual(lost);
});
