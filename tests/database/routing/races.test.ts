import postgres from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { useDatabase, type Sql } from '../database.ts';
import { uuid } from '../people.ts';
import { arrangeTeam, asked, holders, isHere, route, waits } from './team.ts';

const database = useDatabase();
const tenant = uuid('padaria');
const others: Sql[] = [];
const connect = (user: string, max = 1) => {
	const sql = postgres(database.url(user), { max, onnotice: () => {} });
	others.push(sql);
	return sql;
};
afterAll(() => Promise.all(others.map((sql) => sql.end({ timeout: 5 }))));

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return state / 4_294_967_296;
	};
}

/** A colleague takes a conversation by hand, as PostgREST would have it done. */
async function take(sql: Sql, person: string, id: string): Promise<boolean> {
	const claims = JSON.stringify({ sub: person, role: 'authenticated', aud: 'authenticated' });
	return sql
		.begin(async (transaction) => {
			await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
			await transaction`select public.take_conversation(${id})`;
		})
		.then(() => true)
		.catch((error: { message: string }) => {
			if (error.message === 'conversation_taken' || error.message === 'conversation_not_found') return false;
			throw error;
		});
}

/** Every time one of these conversations changed hands, oldest first. */
const changes = (ids: string[]) => database.owner<
	{ id: string; from: string | null; to: string | null; by: string | null }[]
>`
	select row_id as id, before ->> 'assignee_id' as from, after ->> 'assignee_id' as to, actor_id as by
	from public.audit_log
	where table_name = 'conversations' and row_id = any (${ids}) and after ? 'assignee_id'
	order by id`;

test('a hundred conversations, ten routers and six hands: nobody past their capacity, nothing to two people', async () => {
	for (const seed of [1, 2, 3]) {
		const random = numbers(seed);
		const { team, agents } = await arrangeTeam(database, 8, {
			capacity: 5,
			strategy: seed === 2 ? 'least_busy' : 'round_robin'
		});
		// Two hands are in the team too; the others only see it.
		const hands = agents.slice(6);
		const ids: string[] = [];
		for (let n = 0; n < 100; n++) ids.push(await waits(database, team));

		const routers = Array.from({ length: 10 }, () => connect('prosa_worker'));
		const takers = Array.from({ length: 6 }, () => connect('authenticator'));
		const taken = new Map<string, string[]>(hands.map((hand) => [hand, []]));
		await Promise.all([
			...routers.map(async (sql) => {
				for (let turn = 0; turn < 12; turn++) await sql`select private.route(${team}, ${1 + Math.floor(random() * 5)})`;
			}),
			...takers.map(async (sql, index) => {
				for (let turn = 0; turn < 12; turn++) {
					const hand = hands[index % 2]!;
					const id = ids[Math.floor(random() * ids.length)]!;
					if (await take(sql, hand, id)) taken.get(hand)?.push(id);
				}
			})
		]);

		const story = await changes(ids);
		const held = await holders(database, ids);
		// Each was given once, from nobody: nobody's hand and no router took it from somebody.
		expect(story.every(({ from }) => from === null)).toBe(true);
		expect(new Set(story.map(({ id }) => id)).size).toBe(story.length);
		expect(held.filter((holder) => holder !== null)).toHaveLength(story.length);
		// The router never gave past a capacity, counting what hands had taken before.
		for (const agent of agents) {
			const routed = story.filter(({ to, by }) => to === agent && by === null).length;
			const byHand = new Set(taken.get(agent) ?? []).size;
			expect(routed).toBeLessThanOrEqual(5);
			if (byHand === 0) expect(held.filter((holder) => holder === agent)).toHaveLength(5);
		}
		for (const sql of [...routers, ...takers]) await sql.end();
	}
}, 90_000);

test('however many routers there are, the oldest are given, by turns, and each member gets as many', async () => {
	const { team, agents } = await arrangeTeam(database, 5, { capacity: 8 });
	const ids: string[] = [];
	for (let n = 0; n < 100; n++) ids.push(await waits(database, team));
	const routers = Array.from({ length: 8 }, () => connect('prosa_worker'));
	await Promise.all(
		routers.map(async (sql) => {
			for (let turn = 0; turn < 10; turn++) await sql`select private.route(${team}, 3)`;
		})
	);
	const held = await holders(database, ids);
	expect(held.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, place) => agents[place % 5]));
	expect(held.slice(40).every((holder) => holder === null)).toBe(true);
});

test('teams that share members never overfill them between them', async () => {
	const one = await arrangeTeam(database, 3, { capacity: 4 });
	const other = await arrangeTeam(database, 1, { capacity: 4, strategy: 'least_busy' });
	for (const agent of one.agents) {
		await database.owner`insert into public.team_members (tenant_id, team_id, user_id) values (${tenant}, ${other.team}, ${agent})`;
	}
	const ids: string[] = [];
	for (let n = 0; n < 40; n++) ids.push(await waits(database, n % 2 ? one.team : other.team));
	const routers = Array.from({ length: 8 }, () => connect('prosa_worker'));
	await Promise.all(
		routers.map(async (sql, index) => {
			for (let turn = 0; turn < 10; turn++) await sql`select private.route(${index % 2 ? one.team : other.team}, 2)`;
		})
	);
	const held = await holders(database, ids);
	for (const agent of [...one.agents, ...other.agents]) {
		expect(held.filter((holder) => holder === agent)).toHaveLength(4);
	}
});

test('what somebody holds for a moment is passed by, and looked at again', async () => {
	const { team, agents } = await arrangeTeam(database, 1);
	const [held, free] = [await waits(database, team), await waits(database, team)];
	await asked(database);
	await database.owner.begin(async (sql) => {
		await sql`select from public.conversations where id = ${held} for update`;
		expect(await route(database.worker, team)).toBe(1);
	});
	expect(await holders(database, [held, free])).toEqual([null, agents[0]]);
	expect(await asked(database)).toEqual([team]);
	expect(await route(database.worker, team)).toBe(1);
});

test('an agent who takes more by hand while the router works is given nothing beyond their capacity', async () => {
	const { team, agents } = await arrangeTeam(database, 1, { capacity: 1 });
	await waits(database, null, { assignee: agents[0]! });
	const id = await waits(database, team);
	expect(await route(database.worker, team)).toBe(0);
	expect(await holders(database, [id])).toEqual([null]);
});

test('asking for the router makes nobody wait for anybody, and what is asked in one moment is one job', async () => {
	const { team: one } = await arrangeTeam(database, 0);
	const { team: other } = await arrangeTeam(database, 0);
	await asked(database);
	const [first, second] = [connect('postgres'), connect('postgres')];
	const ask = (sql: postgres.TransactionSql, team: string) => sql`select private.request_route(${team})`;
	// In the order that would be a deadlock, were either to wait.
	await first.begin(async (a) => {
		await ask(a, one);
		await second.begin(async (b) => {
			await ask(b, other);
			await ask(b, one);
			await ask(a, other);
			await ask(a, one);
		});
	});
	expect(await asked(database)).toEqual([one, one, other, other].sort());
	for (let n = 0; n < 5; n++) await waits(database, one);
	expect(await asked(database)).toEqual([one]);
});

test('whatever brings a conversation or frees a hand asks for the router, and an ordinary message does not', async () => {
	const { team, agents } = await arrangeTeam(database, 1);
	const agent = agents[0]!;
	await asked(database);
	const done = async (work: PromiseLike<unknown>) => {
		await work;
		return asked(database);
	};
	const { owner } = database;
	const id = await waits(database, team);
	expect(await asked(database)).toEqual([team]);
	const change = (set: object) => done(owner`update public.conversations set ${owner(set)} where id = ${id}`);

	expect(await change({ last_seq: 4, preview: 'Oi?', unread_count: 2 })).toEqual([]);
	expect(await change({ assignee_id: agent })).toEqual([]);
	expect(await change({ last_seq: 5, preview: 'Oi!' })).toEqual([]);
	expect(await change({ snoozed_until: new Date(Date.now() + 3_600_000) })).toEqual([team]);
	expect(await change({ snoozed_until: null })).toEqual([]);
	expect(await change({ is_spam: true })).toEqual([team]);
	expect(await change({ is_spam: false })).toEqual([]);
	expect(await change({ assignee_id: null })).toEqual([team]);
	expect(await change({ team_id: null })).toEqual([]);
	expect(await change({ team_id: team })).toEqual([team]);
	expect(await change({ owner: 'bot' })).toEqual([]);
	expect(await change({ owner: 'human' })).toEqual([team]);
	expect(await change({ assignee_id: agent })).toEqual([]);
	expect(await change({ status: 'closed', closed_at: new Date() })).toEqual([team]);
	expect(await change({ status: 'open', closed_at: null })).toEqual([]);
	expect(await done(owner`delete from public.conversations where id = ${id}`)).toEqual([team]);

	expect(await done(isHere(database, agent, 'busy'))).toEqual([]);
	expect(await done(isHere(database, agent))).toEqual([team]);
	expect(await done(isHere(database, agent))).toEqual([]);
	expect(
		await done(owner`insert into public.agent_skills (tenant_id, user_id, capacity) values (${tenant}, ${agent}, 9)`)
	).toEqual([team]);
	expect(await done(owner`update public.teams set capacity = 9 where id = ${team}`)).toEqual([team]);
	expect(await done(owner`update public.teams set strategy = 'manual' where id = ${team}`)).toEqual([]);
});
