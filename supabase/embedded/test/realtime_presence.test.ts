import type { RealtimeChannel } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joined, pause, startStage, until, type Stage } from './realtime_stage.ts';

const SCHEMA = `
	create policy hear_all on realtime.messages for select to authenticated using (
		realtime.topic() = 'office' or (realtime.topic() = 'hall' and extension = 'broadcast')
	);
	create policy show_all on realtime.messages for insert to authenticated with check (
		realtime.topic() = 'office' and extension = 'presence'
	);`;
const ANA = { sub: 'a0000000-0000-4000-8000-000000000001' };
const BRUNO = { sub: 'b0000000-0000-4000-8000-000000000002' };

let stage: Stage;
beforeAll(async () => {
	stage = await startStage(SCHEMA);
});
afterAll(() => stage.stop());

/** A member of a topic who sees the others, and what it saw. */
async function enter(claims: { sub: string }, topic = 'office', vsn?: string) {
	const client = await stage.client(claims, vsn ? { vsn } : {});
	const channel = client.channel(topic, { config: { private: true, presence: { key: claims.sub } } });
	const left: string[] = [];
	channel.on('presence', { event: 'sync' }, () => {});
	channel.on('presence', { event: 'leave' }, ({ key }) => left.push(key));
	await joined(channel);
	return { client, channel, left };
}

const present = (channel: RealtimeChannel) => Object.keys(channel.presenceState()).sort();

it.each(['1.0.0', '2.0.0'])('shows everyone to everyone, late comers too (serializer %s)', async (vsn) => {
	const ana = await enter(ANA, 'office', vsn);
	expect(await ana.channel.track({ status: 'at work' })).toBe('ok');
	const bruno = await enter(BRUNO, 'office', vsn);
	await until(() => present(bruno.channel).length === 1);
	await bruno.channel.track({ status: 'typing' });
	await until(() => present(ana.channel).length === 2);

	expect(present(bruno.channel)).toEqual([ANA.sub, BRUNO.sub]);
	expect(ana.channel.presenceState()[BRUNO.sub]).toMatchObject([{ status: 'typing' }]);

	await bruno.channel.track({ status: 'away' });
	await until(() => (ana.channel.presenceState<{ status: string }>()[BRUNO.sub]?.[0]?.status ?? '') === 'away');
	expect(ana.channel.presenceState()[BRUNO.sub]).toHaveLength(1);

	await bruno.channel.untrack();
	await until(() => ana.left.includes(BRUNO.sub) && present(ana.channel).length === 1);
	await Promise.all([ana.client.removeAllChannels(), bruno.client.removeAllChannels()]);
});

it('knows one person in two windows as one, who leaves with the last', async () => {
	const [bruno, first, second] = [await enter(BRUNO), await enter(ANA), await enter(ANA)];
	await first.channel.track({ window: 1 });
	await second.channel.track({ window: 2 });
	await until(() => bruno.channel.presenceState()[ANA.sub]?.length === 2);

	await first.client.removeAllChannels();
	await until(() => bruno.channel.presenceState()[ANA.sub]?.length === 1);
	expect(bruno.channel.presenceState()[ANA.sub]).toMatchObject([{ window: 2 }]);
	await second.client.removeAllChannels();
	await until(() => present(bruno.channel).length === 0);
	await bruno.client.removeAllChannels();
});

it('forgets who vanished without a word', async () => {
	const [ana, bruno] = [await enter(ANA), await enter(BRUNO)];
	await ana.channel.track({ status: 'at work' });
	await until(() => present(bruno.channel).length === 1);
	await ana.client.realtime.disconnect(4000, 'the cable was pulled');
	await until(() => present(bruno.channel).length === 0);
	await bruno.client.removeAllChannels();
});

it('is neither shown nor sent where the policies allow broadcasts alone', async () => {
	const ana = await enter(ANA, 'hall');
	expect(await ana.channel.track({ status: 'hiding' })).toBe('error');
	await pause(200);
	expect(present(ana.channel)).toEqual([]);
	await ana.client.removeAllChannels();
});

it('closes the channel of a client that changes it all the time', async () => {
	const ana = await enter(ANA);
	const said: string[] = [];
	ana.channel.on('system', {}, ({ message }: { message: string }) => said.push(message));
	for (let i = 0; i < 6; i++) void ana.channel.track({ i });
	await until(() => ana.channel.state === 'closed');
	expect(said).toEqual(['Client presence rate limit exceeded']);
});
