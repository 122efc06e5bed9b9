import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { arrangeTeam, holders, isHere, waits } from '../../../tests/database/routing/team.ts';
import { readEnvironment } from '../environment.ts';
import { createLog } from '../log.ts';
import { startWorker, type RunningWorker } from '../worker.ts';

const database = useDatabase();

let workers: RunningWorker[] = [];
let child: ChildProcess | undefined;

afterEach(async () => {
	await Promise.all(workers.map((worker) => worker.stop()));
	workers = [];
	child?.kill('SIGKILL');
	child = undefined;
});

const environment = {
	SECRETS_KEY: `k1:${randomBytes(32).toString('base64')}`,
	GRAPH_API_URL: 'http://127.0.0.1:9',
	LOG_LEVEL: 'error'
};
const start = async () => {
	const env = { ...environment, SUPABASE_DB_URL: database.url('prosa_worker') };
	workers.push(await startWorker(readEnvironment(env), createLog('silent')));
};
const until = (what: () => Promise<void>, timeout = 10_000) => vi.waitFor(what, { timeout, interval: 20 });
const counts = async (ids: string[], agents: string[]) => {
	const held = await holders(database, ids);
	return agents.map((agent) => held.filter((holder) => holder === agent).length);
};

test('what comes is given within a moment, and the next when a hand is freed, comes online or may hold more', async () => {
	await start();
	const { team, agents } = await arrangeTeam(database, 2, { capacity: 1 });
	await isHere(database, agents[1]!, 'busy');
	const ids = [
		await waits(database, team),
		await waits(database, team),
		await waits(database, team),
		await waits(database, team)
	];
	await until(async () => expect(await holders(database, ids)).toEqual([agents[0], null, null, null]));
	await isHere(database, agents[1]!);
	await until(async () => expect(await holders(database, ids)).toEqual([agents[0], agents[1], null, null]));
	await database.owner`update public.conversations set status = 'closed', closed_at = now() where id = ${ids[0]!}`;
	await until(async () => expect((await holders(database, ids))[2]).toBe(agents[0]));
	await database.owner`update public.teams set capacity = 2 where id = ${team}`;
	await until(async () => expect((await holders(database, ids))[3]).not.toBeNull());
});

test('three workers empty a queue of a hundred and twenty as one would: full, by turns, the oldest first', async () => {
	const { team, agents } = await arrangeTeam(database, 4, { capacity: 25 });
	const ids: string[] = [];
	for (let n = 0; n < 120; n++) ids.push(await waits(database, team));
	await Promise.all([start(), start(), start()]);
	await until(async () => expect(await counts(ids, agents)).toEqual([25, 25, 25, 25]), 20_000);
	const held = await holders(database, ids);
	expect(held.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, place) => agents[place % 4]));
}, 40_000);

test('a worker killed in the middle of giving leaves nothing half given: the next one ends in the same state', async () => {
	const { team, agents } = await arrangeTeam(database, 3, { capacity: 10 });
	const ids: string[] = [];
	for (let n = 0; n < 40; n++) ids.push(await waits(database, team));
	await database.owner.begin(async (sql) => {
		// The router stops at the second member's turn, having given one conversation.
		await sql`select from public.team_members where team_id = ${team} and user_id = ${agents[1]!} for update`;
		const main = new URL('../main.ts', import.meta.url).pathname;
		const env = { ...process.env, ...environment, SUPABASE_DB_URL: database.url('prosa_worker') };
		child = spawn(process.execPath, [main], { env, stdio: 'ignore' });
		await until(async () => {
			const [waiting] = await database.owner`
				select from pg_stat_activity where datname = current_database() and query ~ 'private.route' and wait_event_type = 'Lock'`;
			expect(waiting).toBeDefined();
		}, 20_000);
		expect(await counts(ids, agents)).toEqual([0, 0, 0]);
		child.kill('SIGKILL');
	});
	await start();
	await until(async () => expect(await counts(ids, agents)).toEqual([10, 10, 10]), 40_000);
	const held = await holders(database, ids);
	expect(held.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, place) => agents[place % 3]));
	expect(held.slice(30).every((holder) => holder === null)).toBe(true);
}, 70_000);

test('whose page fell silent is away within the minute', async () => {
	await start();
	const { agents } = await arrangeTeam(database, 2);
	await database.owner`
		update private.agent_heartbeats set seen_at = seen_at - interval '121 seconds' where user_id = ${agents[0]!}`;
	await database.owner`select graphile_worker.add_job('availability__expire')`;
	const states = () => database.owner`
		select state from public.agent_availability where user_id = any (${agents}) order by user_id`;
	await until(async () => expect(await states()).toEqual([{ state: 'away' }, { state: 'online' }]));
});
