import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { isAlive } from '../src/postgres/postmaster.ts';
import { startPostgres } from '../src/postgres/index.ts';
import { createRealtime } from '../src/realtime/index.ts';
import { joined, listening, pause, startStage, until, type Stage } from './realtime_stage.ts';

const SCHEMA = `
	create policy hear_all on realtime.messages for select to authenticated using (true);
	create policy say_some on realtime.messages for insert to authenticated with check (realtime.topic() <> 'quiet');
	create table public.notes (id int primary key, body text);
	alter publication supabase_realtime add table public.notes;`;
const ANA = { sub: 'a0000000-0000-4000-8000-000000000001' };
const PRIVATE = { config: { private: true } };

let stage: Stage;
beforeAll(async () => {
	stage = await startStage(SCHEMA, {
		payloadBytes: 100_000,
		bufferedBytes: 1_000_000,
		joinsPerSecond: 20,
		idle: 3_000
	});
});
afterAll(() => stage.stop());

const sockets: WebSocket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.terminate()));

/** A client that speaks frames. */
async function raw(vsn = '2.0.0', key = stage.keys.anonKey) {
	const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${key}&vsn=${vsn}`);
	sockets.push(socket);
	const heard: string[] = [];
	socket.on('message', (data) => heard.push(String(data)));
	await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
	return { socket, heard };
}

const post = async (where: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
	fetch(`${stage.url}/realtime/v1/api/broadcast${where}`, {
		method: 'POST',
		body,
		headers: { apikey: stage.keys.anonKey, 'content-type': 'application/json', ...headers }
	});

describe('over HTTP', () => {
	it('a batch reaches the listeners of public and private topics', async () => {
		const ana = await stage.client(ANA);
		const heard: [string, unknown][] = [];
		const open = ana.channel('news').on('broadcast', { event: '*' }, ({ payload }) => heard.push(['news', payload]));
		const closed = ana
			.channel('staff', PRIVATE)
			.on('broadcast', { event: '*' }, ({ payload }) => heard.push(['staff', payload]));
		await Promise.all([joined(open), joined(closed)]);
		const messages = [
			{ topic: 'news', event: 'e', payload: { n: 1 } },
			{ topic: 'staff', event: 'e', payload: { n: 2 }, private: true },
			{ topic: 'quiet', event: 'e', payload: { n: 3 }, private: true }
		];
		const authorization = `Bearer ${await stage.token(ANA)}`;
		expect((await post('', JSON.stringify({ messages }), { authorization })).status).toBe(202);
		await until(() => heard.length === 2);
		expect(heard.sort()).toEqual([
			['news', { n: 1 }],
			['staff', { n: 2 }]
		]);
		await ana.removeAllChannels();
	});

	it('httpSend of supabase-js sends JSON and bytes, and is refused where a policy says so', async () => {
		const ana = await stage.client(ANA);
		const heard: unknown[] = [];
		const channel = ana.channel('staff', PRIVATE).on('broadcast', { event: '*' }, ({ payload }) => heard.push(payload));
		await joined(channel);
		expect(await channel.httpSend('said', { n: 1 })).toEqual({ success: true });
		expect(await channel.httpSend('said', new Uint8Array([0, 255, 7]))).toEqual({ success: true });
		await until(() => heard.length === 2);
		expect(heard[0]).toEqual({ n: 1 });
		expect(new Uint8Array(heard[1] as ArrayBuffer)).toEqual(new Uint8Array([0, 255, 7]));
		await expect(ana.channel('quiet', PRIVATE).httpSend('said', {})).rejects.toThrow('Unauthorized');
		await ana.removeAllChannels();
	});

	it('numbers too large for a double stay what they are', async () => {
		const { socket, heard } = await raw('1.0.0');
		socket.send(JSON.stringify({ topic: 'realtime:exact', event: 'phx_join', payload: { config: {} }, ref: '1' }));
		await until(() => heard.length === 1);
		await post(
			'',
			'{"messages": [{"topic": "exact", "event": "e", "payload": {"n": 12345678901234567890, "x": 1.10}}]}'
		);
		await until(() => heard.length === 2);
		expect(heard[1]).toContain('{"n":12345678901234567890,"x":1.10}');
	});

	it('nonsense is answered as such', async () => {
		expect((await post('', '{')).status).toBe(400);
		expect((await post('', '{}')).status).toBe(422);
		expect((await post('', '{"messages": [{"topic": "x"}]}')).status).toBe(422);
		expect((await post('/x/y/z', '{}')).status).toBe(404);
		expect((await post('/x/events/y', 'x'.repeat(100_001))).status).toBe(413);
		expect((await post('', '{}', { authorization: 'Bearer nonsense' })).status).toBe(401);
	});
});

describe('a replay', () => {
	it('brings the latest messages of a private topic, oldest first and none twice', async () => {
		const since = Date.now() - 1000;
		for (const n of [1, 2, 3]) await stage.sql`select realtime.send(${stage.sql.json({ n })}, 'said', 'history')`;
		await stage.sql`select realtime.send('{"n": 4}', 'said', 'another topic')`;
		const ana = await stage.client(ANA);
		const heard: { payload: unknown; meta: { replayed?: boolean } }[] = [];
		const channel = ana.channel('history', { config: { private: true, broadcast: { replay: { since, limit: 2 } } } });
		channel.on('broadcast', { event: 'said' }, (message) => heard.push(message as never));
		await joined(channel);
		await stage.sql`select realtime.send('{"n": 5}', 'said', 'history')`;
		await until(() => heard.length === 3);
		await pause(100);
		expect(heard.map(({ payload }) => (payload as { n: number }).n)).toEqual([2, 3, 5]);
		expect(heard.map(({ meta }) => meta.replayed ?? false)).toEqual([true, true, false]);
		await ana.removeAllChannels();
	});

	it('brings what a client asked to be kept, where the policies let it be stored', async () => {
		const since = Date.now() - 1000;
		const ana = await stage.client(ANA);
		const heard: unknown[] = [];
		const channel = ana.channel('kept', { config: { private: true, broadcast: { self: true } } });
		channel.on('broadcast', { event: '*' }, ({ payload }) => heard.push(payload));
		await joined(channel);
		await channel.send({ type: 'broadcast', event: 'said', payload: { n: 1 }, persist: true });
		await until(() => heard.length === 1);
		await pause(300);
		expect(heard).toHaveLength(1); // heard when it was sent, not again when it was stored
		await ana.removeAllChannels();

		const again = ana.channel('kept', { config: { private: true, broadcast: { replay: { since } } } });
		again.on('broadcast', { event: '*' }, ({ payload }) => heard.push(payload));
		await joined(again);
		await until(() => heard.length === 2);
		expect(heard[1]).toEqual({ n: 1 });
		await ana.removeAllChannels();
	});
});

describe('a broadcast', () => {
	it('that is too large is answered with an error and not sent', async () => {
		const ana = await stage.client(ANA);
		const channel = await joined(ana.channel('large', { config: { broadcast: { ack: true } } }));
		expect(await channel.send({ type: 'broadcast', event: 'e', payload: { text: 'x'.repeat(100_001) } })).toBe('error');
		expect(await channel.send({ type: 'broadcast', event: 'e', payload: { text: 'x' } })).toBe('ok');
		await ana.removeAllChannels();
	});

	it('of a rolled back transaction is never heard', async () => {
		const ana = await stage.client(ANA);
		const heard: unknown[] = [];
		const channel = ana.channel('staff', PRIVATE).on('broadcast', { event: '*' }, ({ payload }) => heard.push(payload));
		await joined(channel);
		await stage.sql
			.begin(async (sql) => {
				await sql`select realtime.send('{"n": 1}', 'e', 'staff')`;
				throw new Error('no');
			})
			.catch(() => {});
		await stage.sql`select realtime.send('{"n": 2}', 'e', 'staff')`;
		await until(() => heard.length === 1);
		expect(heard).toMatchObject([{ n: 2 }]);
		await ana.removeAllChannels();
	});

	it('that fails costs the transaction nothing', async () => {
		await stage.sql.begin(async (sql) => {
			await sql`set local role authenticated`;
			await sql`select realtime.send('{}', 'e', 'quiet')`; // the policy says no
			await sql`select realtime.send('[1]', 'e', 'staff')`; // not an object
			await sql`select realtime.send('{}', 'e', ${'x'.repeat(10_000)})`; // too long for the index
			await sql`insert into realtime.messages (topic, extension) values ('loud', 'broadcast')`;
		});
		const topics = await stage.sql`select topic from realtime.messages where topic in ('quiet', 'loud')`;
		expect(topics).toEqual([{ topic: 'loud' }]);
	});
});

describe('a socket', () => {
	it('opens with each kind of key and with none without', async () => {
		for (const key of Object.values(stage.keys) as string[]) await raw('2.0.0', key);
		await expect(raw('2.0.0', 'sb_publishable_wrong')).rejects.toThrow('401');
		await expect(raw('2.0.0', '')).rejects.toThrow('401');
	});

	it('answers heartbeats, and is closed after a long silence', async () => {
		const { socket, heard } = await raw();
		socket.send('[null,"1","phoenix","heartbeat",{}]');
		await until(() => heard.length === 1);
		expect(heard[0]).toBe('[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]');
		await until(() => socket.readyState === WebSocket.CLOSED, 6_000);
	});

	it('is closed when it joins too many topics in a second', async () => {
		const { socket, heard } = await raw();
		for (let i = 0; i < 25; i++)
			socket.send(JSON.stringify([`${i}`, `${i}`, `realtime:t${i}`, 'phx_join', { config: {} }]));
		await until(() => socket.readyState === WebSocket.CLOSED);
		expect(heard.some((frame) => frame.includes('ClientJoinRateLimitReached: Too many joins per second'))).toBe(true);
	});

	it('survives frames that are none', async () => {
		const { socket, heard } = await raw();
		for (const frame of ['', '{', 'null', '[]', '[1,2,3,4,5]', '{"topic": 1}', '[null,null,"realtime:x","phx_join"]'])
			socket.send(frame);
		socket.send(Buffer.from([3, 255, 255, 255, 255, 255, 1, 1]));
		socket.send(Buffer.from([9]));
		socket.send('[null,"9","phoenix","heartbeat",{}]');
		await until(() => heard.some((frame) => frame.includes('"9"')));
	});

	it('that does not read is closed rather than fed from memory, and the others are not held up', async () => {
		const [slow, ana] = [await raw(), await stage.client(ANA)];
		slow.socket.send(JSON.stringify(['1', '1', 'realtime:flood', 'phx_join', { config: {} }]));
		await until(() => slow.heard.length > 0);
		slow.socket.pause();
		let heard = 0;
		const fast = ana.channel('flood').on('broadcast', { event: '*' }, () => heard++);
		await joined(fast);
		const payload = { text: 'x'.repeat(90_000) };
		let sent = 0;
		while (!stage.logs.some((line) => line.includes('did not read'))) {
			expect(++sent).toBeLessThan(500);
			await post('', JSON.stringify({ messages: [{ topic: 'flood', event: 'e', payload }] }));
		}
		await until(() => heard >= sent);
		expect(heard).toBe(sent);
		await ana.removeAllChannels();
	});
});

it('leaves nothing behind in Postgres that would keep its log from being removed', async () => {
	const slots = async () => (await stage.sql`select from pg_replication_slots where not temporary`).length;
	const temporary = async () => (await stage.sql`select from pg_replication_slots`).length;
	const before = await temporary();
	const second = await createRealtime({ url: stage.server.url('supabase_replication_admin'), jwt: stage.jwt });
	await second.ready;
	expect(await temporary()).toBe(before + 1);
	await second.close();
	await expect.poll(temporary).toBe(before);
	expect(await slots()).toBe(0);
});

describe('stored messages', () => {
	it('lie in a partition a day, made ahead, and can not be read past row security', async () => {
		const today = new Date().toISOString().slice(0, 10).replaceAll('-', '_');
		const tables = await stage.sql<{ name: string }[]>`
			select relname as name from pg_class where oid in (select inhrelid from pg_inherits where inhparent = 'realtime.messages'::regclass)`;
		expect(tables.length).toBe(5); // today, three days ahead, the default one
		await stage.sql`select realtime.send('{}', 'e', 'stored')`;
		const [row] =
			await stage.sql`select tableoid::regclass::text as name from realtime.messages where topic = 'stored'`;
		expect(row?.['name']).toBe(`realtime.messages_${today}`);
		await expect(
			stage.sql.begin(async (sql) => {
				await sql`set local role anon`;
				await sql.unsafe(`select * from realtime.messages_${today}`);
			})
		).rejects.toThrow('permission denied');
	});

	it('take policies from the project and nothing else', async () => {
		await stage.sql`create policy more on realtime.messages for select to anon using (false)`;
		await stage.sql`drop policy more on realtime.messages`;
		await expect(stage.sql`create table realtime.mine (id int)`).rejects.toThrow('permission denied');
		await expect(stage.sql.begin((sql) => sql`select realtime.full_transaction_id(1, '1')`)).rejects.toThrow(
			'permission denied'
		);
	});
});

it('goes on by itself after Postgres was killed and came back', async () => {
	const ana = await stage.client(ANA);
	const heard: unknown[] = [];
	let joins = 0;
	const channel = ana.channel('staff', PRIVATE).on('broadcast', { event: '*' }, ({ payload }) => heard.push(payload));
	channel.on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, (change) => heard.push(change.new));
	channel.subscribe((status) => void (status === 'SUBSCRIBED' && joins++));
	await until(() => joins === 1);

	process.kill(stage.server.pid, 'SIGKILL');
	await until(() => !isAlive(stage.server.pid));
	await pause(500);
	const dataDir = path.join(stage.server.folder, 'postgres');
	const server = await startPostgres({ dataDir, port: stage.server.port });
	try {
		await until(() => joins === 2, 20_000); // it is made to join anew, and so to catch up
		const other = await stage.client(ANA);
		await listening(
			other.channel('probe').on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, () => {})
		);
		await stage.sql`select realtime.send('{"back": true}', 'e', 'staff')`;
		await stage.sql`insert into notes values (1, 'back')`;
		await until(() => heard.length === 2, 10_000);
		expect(heard).toMatchObject([{ back: true }, { id: 1, body: 'back' }]);
	} finally {
		await server.stop();
	}
}, 60_000);
