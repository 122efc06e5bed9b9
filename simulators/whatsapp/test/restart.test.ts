import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startWhatsAppSimulator } from '../index.ts';
import { Journal } from '../src/state/journal.ts';
import { MARINA, PADARIA, stage, text } from './stage.ts';

function scratch(): string {
	const dir = mkdtempSync(join(tmpdir(), 'sim-'));
	onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

test('a restart keeps people, chats, files and what the business still has to hear', async () => {
	const stateDir = scratch();
	const before = await startWhatsAppSimulator({
		stateDir,
		webhookUrl: 'http://127.0.0.1:9/',
		retry: { firstMs: 60_000 }
	});
	const post = (path: string, body: unknown): Promise<Response> =>
		fetch(`${before.url}${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', authorization: 'Bearer demo-token-padaria' },
			body: JSON.stringify(body)
		});
	const place = { phone_number_id: PADARIA, from: MARINA };
	await post('/_simulator/customers', { name: 'Nova Cliente', wa_id: '5511944440000' });
	await post('/_simulator/inbound', { ...place, kind: 'image', caption: 'foto' });
	await post(`/v26.0/${PADARIA}/messages`, { messaging_product: 'whatsapp', to: MARINA, ...text('Já vimos') });
	await before.close();

	const after = await stage({ stateDir });
	const { body } = await after.control(`/chats/${PADARIA}/${MARINA}`);
	expect(body['messages']).toMatchObject([
		{ direction: 'in', kind: 'image', content: { caption: 'foto' } },
		{ direction: 'out', kind: 'text', content: { body: 'Já vimos' } }
	]);
	expect(body['window']).toBe('open');
	expect(after.simulator.world.directory.find('5511944440000', [])?.name).toBe('Nova Cliente');
	await after.until(
		'the webhooks of before arrived',
		() => after.door.messages().length === 1 && after.door.statuses().length === 2
	);
	const image = after.door.messages()[0]?.['image'] as { id: string };
	expect((await after.graph('GET', `/v26.0/${image.id}`)).status).toBe(200);
});

test('a line cut off by a crash costs only itself', () => {
	const dir = scratch();
	const journal = new Journal(dir);
	journal.put('thing', 'a', { n: 1 });
	journal.put('thing', 'b', { n: 2 });
	journal.close();
	const file = join(dir, 'journal.jsonl');
	writeFileSync(file, readFileSync(file, 'utf8').slice(0, -8));
	const again = new Journal(dir);
	expect(again.all('thing')).toEqual([{ n: 1 }]);
	again.put('thing', 'c', { n: 3 });
	again.close();
	const last = new Journal(dir);
	expect(last.all('thing')).toEqual([{ n: 1 }, { n: 3 }]);
	last.close();
});

test('a chat stays bounded', async () => {
	const { simulator, control } = await stage({ webhookUrl: null });
	const at = new Date('2026-10-01T12:00:00Z').getTime();
	const messages = (from: number) =>
		Array.from({ length: 400 }, (_, index) => ({
			direction: 'in',
			text: String(from + index),
			at: new Date(at + (from + index) * 1000).toISOString()
		}));
	for (const from of [0, 400])
		await control('/history', { phone_number_id: PADARIA, from: MARINA, messages: messages(from) });
	const kept = simulator.world.chats.of(`${PADARIA}|${MARINA}`);
	expect(kept).toHaveLength(500);
	expect(kept.at(-1)?.content).toEqual({ body: '799' });
	expect(simulator.world.journal.all('message')).toHaveLength(500);
});

test('imported history shows on the phone and is reported nowhere', async () => {
	const { control, door, simulator } = await stage();
	const answer = await control('/history', {
		phone_number_id: PADARIA,
		from: '5511933330000',
		name: 'Cliente antiga',
		messages: [
			{ id: 'wamid.seed1', direction: 'in', text: 'Bom dia', at: new Date(Date.now() - 60_000).toISOString() },
			{ id: 'wamid.seed2', direction: 'out', text: 'Bom dia!', at: new Date().toISOString() }
		]
	});
	expect(answer.body).toEqual({ added: 2 });
	await control('/read', { phone_number_id: PADARIA, customer: '5511933330000' });
	await simulator.idle();
	expect(door.arrivals).toEqual([]);
	expect((await control(`/chats/${PADARIA}/5511933330000`)).body).toMatchObject({ window: 'open' });
});

test('a reset forgets all but the demo people', async () => {
	const stateDir = scratch();
	const { writes, control, simulator } = await stage({ stateDir });
	await writes({ from: '5511922220000', kind: 'image' });
	await control('/faults', { twice: 0.5 });
	await control('/reset', {});
	expect(simulator.world.chats.list()).toEqual([]);
	expect(simulator.world.directory.list()).toHaveLength(9);
	expect(simulator.world.faults().twice).toBe(0);
	expect(readFileSync(join(stateDir, 'journal.jsonl'), 'utf8')).toBe('');
});
