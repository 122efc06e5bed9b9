import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Flows } from '../../../workers/src/flows/advance.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { answer } from '../threads.ts';
import { publishFlow } from './bots.ts';

const database = useDatabase();
const RACES = 1_000;
/** Races that are run at once: the bot's steps ride together, as they do in a worker that is busy. */
const TOGETHER = 40;

test('a thousand times somebody answers in the same moment as the bot, and it never speaks behind them', async () => {
	await publishFlow(
		database,
		{
			nodes: [{ id: 'menu', type: 'buttons', text: 'Olá!', options: [{ id: 'a', label: 'Horários' }] }],
			lines: ['s > menu']
		},
		[{ type: 'keyword', words: ['menu'], match: 'whole' }]
	);
	const flows = new Flows(database.worker);
	let first = 0;
	for (let race = 0; race < RACES; race += TOGETHER) {
		const phones = Array.from({ length: TOGETHER }, (_, n) => `55117${String(race + n).padStart(8, '0')}`);
		const sent_at = `${new Date().toISOString().slice(0, 19)}Z`;
		await receive(database.door, [delivery(phones.map((phone) => textFrom(phone, 'menu', { sent_at })))]);
		const chats = await database.owner<{ id: string }[]>`
			select c.id from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = any (${phones})`;
		expect(chats).toHaveLength(TOGETHER);
		await Promise.all(
			chats.flatMap(({ id }, n) => [
				sleep((n * 7) % 60).then(() => flows.advance(id)),
				sleep((n * 11) % 60).then(() => answer(database, 'caio', id, 'Oi, sou o Caio'))
			])
		);
		await Promise.all(chats.map(({ id }) => flows.advance(id)));
		const ids = chats.map(({ id }) => id);
		const [row] = await database.owner<{ behind: number; spoke: number; live: number; bots: number }[]>`
			select
				count(*) filter (where m.author = 'bot' and m.seq > p.seq)::integer as behind,
				count(*) filter (where m.author = 'bot')::integer as spoke,
				(select count(*)::integer from public.flow_runs r where r.conversation_id = any (${ids}) and r.status = 'live') as live,
				(select count(*)::integer from public.conversations c where c.id = any (${ids}) and c.owner <> 'human') as bots
			from public.messages m
			join public.messages p on p.conversation_id = m.conversation_id and p.author = 'agent'
			where m.conversation_id = any (${ids})`;
		expect(row).toMatchObject({ behind: 0, live: 0, bots: 0 });
		first += row?.spoke ?? 0;
	}
	// Both orders were seen: else this proves nothing.
	expect(first).toBeGreaterThan(RACES / 50);
	expect(first).toBeLessThan(RACES - RACES / 50);
}, 240_000);
