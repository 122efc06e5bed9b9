import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joined, pause, startStage, until, type Stage } from './realtime_stage.ts';

/** Ana belongs to the room `kitchen`, Bruno to none. */
const SCHEMA = `
	create table public.members (room text, user_id uuid, primary key (room, user_id));
	alter table public.members enable row level security;
	create policy select_self on public.members for select to authenticated using (user_id = (select auth.uid()));
	create policy hear_member on realtime.messages for select to authenticated using (
		extension = 'broadcast'
		and exists (select from public.members where 'room:' || room = (select realtime.topic()))
	);
	create policy speak_member on realtime.messages for insert to authenticated with check (
		extension = 'broadcast'
		and exists (select from public.members where 'room:' || room = (select realtime.topic()))
	);`;
const ANA = { sub: 'a0000000-0000-4000-8000-000000000001' };
const BRUNO = { sub: 'b0000000-0000-4000-8000-000000000002' };

let stage: Stage;
beforeAll(async () => {
	stage = await startStage(SCHEMA);
	await stage.sql`insert into members values ('kitchen', ${ANA.sub})`;
});
afterAll(() => stage.stop());

const PRIVATE = { config: { private: true } };

describe.each(['1.0.0', '2.0.0'])('serializer %s', (vsn) => {
	it('brings what the database broadcasts to a member', async () => {
		const ana = await stage.client(ANA, { vsn });
		const heard: unknown[] = [];
		const channel = ana.channel('room:kitchen', PRIVATE);
		channel.on('broadcast', { event: '*' }, (message) => heard.push(message));
		await joined(channel);

		await stage.sql`select realtime.send(${stage.sql.json({ text: 'Olá “mundo” 👋', n: 1 })}, 'said', 'room:kitchen')`;
		await until(() => heard.length === 1);
		expect(heard[0]).toMatchObject({ event: 'said', payload: { text: 'Olá “mundo” 👋', n: 1 }, meta: {} });
		await ana.removeAllChannels();
	});

	it('brings what one client says to the others, and to itself only if it asked', async () => {
		const [ana, visitor] = [await stage.client(ANA, { vsn }), await stage.client(undefined, { vsn })];
		const heard = { ana: [] as unknown[], visitor: [] as unknown[] };
		const mine = ana.channel('lobby', { config: { broadcast: { self: true, ack: true } } });
		mine.on('broadcast', { event: 'typing' }, ({ payload }) => heard.ana.push(payload));
		const theirs = visitor.channel('lobby');
		theirs.on('broadcast', { event: 'typing' }, ({ payload }) => heard.visitor.push(payload));
		await Promise.all([joined(mine), joined(theirs)]);

		expect(await mine.send({ type: 'broadcast', event: 'typing', payload: { who: 'Ana' } })).toBe('ok');
		await theirs.send({ type: 'broadcast', event: 'typing', payload: { who: 'a visitor' } });
		await until(() => heard.ana.length === 2 && heard.visitor.length === 1);
		expect(heard.visitor).toEqual([{ who: 'Ana' }]);
		await Promise.all([ana.removeAllChannels(), visitor.removeAllChannels()]);
	});
});

describe('a private channel', () => {
	it('refuses who is no member', async () => {
		const bruno = await stage.client(BRUNO);
		await expect(joined(bruno.channel('room:kitchen', PRIVATE))).rejects.toThrow(
			'You do not have permissions to read from this Channel topic: room:kitchen'
		);
		await bruno.removeAllChannels();
	});

	it('refuses a visitor with a publishable key', async () => {
		const visitor = await stage.client(undefined, { key: stage.keys.publishableKey });
		await expect(joined(visitor.channel('room:kitchen', PRIVATE))).rejects.toThrow('Unauthorized');
		await visitor.removeAllChannels();
	});

	it('opens with a secret key, whose role no policy binds', async () => {
		const service = await stage.client(undefined, { key: stage.keys.secretKey });
		await joined(service.channel('room:kitchen', PRIVATE));
		await service.removeAllChannels();
	});

	it('is another topic than the public one of its name', async () => {
		const [ana, visitor] = [await stage.client(ANA), await stage.client()];
		const heard: unknown[] = [];
		const open = visitor.channel('room:kitchen');
		open.on('broadcast', { event: '*' }, (message) => heard.push(message));
		const closed = ana.channel('room:kitchen', { config: { private: true, broadcast: { ack: true } } });
		await Promise.all([joined(open), joined(closed)]);

		await closed.send({ type: 'broadcast', event: 'secret', payload: {} });
		await stage.sql`select realtime.send('{"secret": true}', 'secret', 'room:kitchen')`;
		await pause(300);
		expect(heard).toEqual([]);
		await Promise.all([ana.removeAllChannels(), visitor.removeAllChannels()]);
	});

	it('is closed with the first fresh token after its policy was taken away', async () => {
		const ana = await stage.client(ANA);
		const channel = ana.channel('room:kitchen', PRIVATE);
		const said: string[] = [];
		channel.on('system', {}, ({ message }: { message: string }) => said.push(message));
		await joined(channel);
		await stage.sql`delete from members where user_id = ${ANA.sub}`;
		try {
			channel.socket.accessToken = () => stage.token({ ...ANA, fresh: true });
			await ana.realtime.setAuth();
			await until(() => channel.state === 'closed');
			expect(said).toEqual(['You do not have permissions to read from this Channel topic: room:kitchen']);
		} finally {
			await stage.sql`insert into members values ('kitchen', ${ANA.sub})`;
		}
	});

	it('is closed when its token ends', async () => {
		const ana = await stage.client();
		await ana.realtime.setAuth(await stage.token(ANA, 2));
		const channel = ana.channel('room:kitchen', PRIVATE);
		const said: string[] = [];
		channel.on('system', {}, ({ message }: { message: string }) => said.push(message));
		await joined(channel);
		await until(() => channel.state === 'closed', 5_000);
		expect(said[0]).toMatch(/^Token has expired \d seconds ago$/);
	});

	it('lives on when a fresh token came in time', async () => {
		const ana = await stage.client();
		await ana.realtime.setAuth(await stage.token(ANA, 2));
		const channel = await joined(ana.channel('room:kitchen', PRIVATE));
		await ana.realtime.setAuth(await stage.token(ANA, 60));
		await pause(2_500);
		expect(channel.state).toBe('joined');
		await ana.removeAllChannels();
	});

	it('can not be joined with a token that ended', async () => {
		const ana = await stage.client();
		await ana.realtime.setAuth(await stage.token(ANA, -5));
		await expect(joined(ana.channel('room:kitchen', PRIVATE))).rejects.toThrow(
			/InvalidJWTToken: Token has expired \d seconds ago/
		);
		await ana.removeAllChannels();
	});
});
