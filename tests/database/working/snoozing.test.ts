import { expect, test } from 'vitest';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { answer, customerWrites, refusal } from '../threads.ts';
import { database, snooze, unsnooze, spam, note, now, thread, activities, told, writes } from './acts.ts';

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
