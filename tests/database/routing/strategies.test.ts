import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { arrangeTeam, holders, isHere, route, waits } from './team.ts';

const database = useDatabase();
const tenant = uuid('padaria');

async function several(count: number, team: string): Promise<string[]> {
	const ids: string[] = [];
	for (let n = 0; n < count; n++) ids.push(await waits(database, team));
	return ids;
}
const skills = (agent: string, more: { capacity?: number; tags?: string[]; languages?: string[] }) => database.owner`
	insert into public.agent_skills (tenant_id, user_id, capacity, tag_ids, languages)
	values (${tenant}, ${agent}, ${more.capacity ?? null}, ${more.tags ?? []}, ${more.languages ?? []})`;

test('by turns, each gets one after the other, the oldest first', async () => {
	const { team, agents } = await arrangeTeam(database, 4);
	const ids = await several(10, team);
	expect(await route(database.worker, team)).toBe(10);
	expect(await holders(database, ids)).toEqual([...agents, ...agents, ...agents.slice(0, 2)]);
	// The turns go on where they were.
	const next = await waits(database, team);
	await route(database.worker, team);
	expect(await holders(database, [next])).toEqual([agents[2]]);
});

test('nobody gets more than they can hold, and the oldest are given first', async () => {
	const { team, agents } = await arrangeTeam(database, 2, { capacity: 3 });
	await skills(agents[1]!, { capacity: 1 });
	const ids = await several(6, team);
	expect(await route(database.worker, team)).toBe(4);
	const given = await holders(database, ids);
	expect(given).toEqual([agents[0], agents[1], agents[0], agents[0], null, null]);
	expect(await route(database.worker, team)).toBe(0);

	// What is snoozed, spam or closed needs no hand.
	await database.owner`update public.conversations set snoozed_until = now() + interval '1 hour' where id = ${ids[0]!}`;
	await database.owner`update public.conversations set status = 'closed', closed_at = now() where id = ${ids[1]!}`;
	expect(await route(database.worker, team)).toBe(2);
	expect((await holders(database, ids)).slice(4).sort()).toEqual(agents);
});

test('who has the most room gets the next', async () => {
	const { team, agents } = await arrangeTeam(database, 3, { strategy: 'least_busy', capacity: 4 });
	for (let n = 0; n < 3; n++) await waits(database, null, { assignee: agents[0]! });
	await waits(database, null, { assignee: agents[1]! });
	// One of two is as busy as two of four.
	await skills(agents[2]!, { capacity: 2 });
	const ids = await several(5, team);
	await route(database.worker, team);
	// At an equal share, whose turn is longer ago.
	expect(await holders(database, ids)).toEqual([agents[2], agents[1], agents[2], agents[1], agents[0]]);
});

test('a team that gives nothing by itself gives nothing', async () => {
	const { team } = await arrangeTeam(database, 2, { strategy: 'manual' });
	await waits(database, team);
	expect(await route(database.worker, team)).toBe(0);
	expect(await route(database.worker, randomUUID())).toBe(0);
});

test('nothing comes to who is busy, away, or fell silent two minutes ago', async () => {
	const { team, agents } = await arrangeTeam(database, 4);
	await isHere(database, agents[0]!, 'busy');
	await isHere(database, agents[1]!, 'away');
	await database.owner`update private.agent_heartbeats set seen_at = seen_at - interval '121 seconds' where user_id = ${agents[2]!}`;
	const ids = await several(2, team);
	await route(database.worker, team);
	expect(await holders(database, ids)).toEqual([agents[3], agents[3]]);
});

test('a team may give to who is away, and still not to who is busy', async () => {
	const { team, agents } = await arrangeTeam(database, 3, { online_only: false });
	await isHere(database, agents[0]!, 'busy');
	await database.owner`delete from public.agent_availability where user_id = ${agents[1]!}`;
	await database.owner`delete from private.agent_heartbeats`;
	const ids = await several(2, team);
	await route(database.worker, team);
	expect(await holders(database, ids)).toEqual([agents[1], agents[2]]);
});

test('a customer comes back to whom they talked to last, where that one has room', async () => {
	const { team, agents } = await arrangeTeam(database, 3, { is_sticky: true, capacity: 1 });
	const contact = randomUUID();
	await waits(database, null, { contact, assignee: agents[2]!, status: 'closed' });
	const again = await waits(database, team, { contact });
	await route(database.worker, team);
	expect(await holders(database, [again])).toEqual([agents[2]]);

	await database.owner`update public.conversations set status = 'closed', closed_at = now() where id = ${again}`;
	await waits(database, null, { assignee: agents[2]! });
	const third = await waits(database, team, { contact });
	await route(database.worker, team);
	expect(await holders(database, [third])).toEqual([agents[0]]);
});

test('what asks for a skill waits for who has it, and lets the next ones through', async () => {
	const { team, agents } = await arrangeTeam(database, 2, { skill_rule: 'require', capacity: 2 });
	const [billing, unknown] = [randomUUID(), randomUUID()];
	await database.owner`
		insert into public.tags ${database.owner([billing, unknown].map((id) => ({ id, tenant_id: tenant, name: id, color: 'green', position: 1 })))}`.catch(
		() => undefined
	);
	await skills(agents[0]!, { tags: [billing] });
	await isHere(database, agents[0]!, 'away');
	const asking = await waits(database, team, { tags: [billing] });
	// A tag that is nobody's skill asks for nothing.
	const plain = await waits(database, team, { tags: [unknown] });
	expect(await route(database.worker, team)).toBe(1);
	expect(await holders(database, [asking, plain])).toEqual([null, agents[1]]);

	await isHere(database, agents[0]!);
	await route(database.worker, team);
	expect(await holders(database, [asking])).toEqual([agents[0]]);
});

test('where a skill is only preferred, others take it when those who have it are full', async () => {
	const { team, agents } = await arrangeTeam(database, 2, { skill_rule: 'prefer', capacity: 1 });
	const billing = randomUUID();
	await database.owner`
		insert into public.tags ${database.owner({ id: billing, tenant_id: tenant, name: billing, color: 'green', position: 1 })}`.catch(
		() => undefined
	);
	await skills(agents[1]!, { tags: [billing] });
	const ids = [await waits(database, team, { tags: [billing] }), await waits(database, team, { tags: [billing] })];
	await route(database.worker, team);
	expect(await holders(database, ids)).toEqual([agents[1], agents[0]]);
});

test('who writes in Spanish waits for who speaks it; in a language that nobody speaks, for nobody', async () => {
	const { team, agents } = await arrangeTeam(database, 2, { language_rule: 'require', capacity: 2 });
	await skills(agents[0]!, { languages: ['pt'] });
	await skills(agents[1]!, { languages: ['pt', 'es'] });
	const ids = [
		await waits(database, team, { language: 'es-MX' }),
		await waits(database, team, { language: 'es' }),
		await waits(database, team, { language: 'es' }),
		await waits(database, team, { language: 'ja' }),
		await waits(database, team)
	];
	await route(database.worker, team);
	expect(await holders(database, ids)).toEqual([agents[1], agents[1], null, agents[0], agents[0]]);
});

test('what a bot answers, what is snoozed and what is spam waits for nobody', async () => {
	const { team } = await arrangeTeam(database, 1);
	const [bot, snoozed, spam] = [await waits(database, team), await waits(database, team), await waits(database, team)];
	await database.owner`update public.conversations set owner = 'bot' where id = ${bot}`;
	await database.owner`update public.conversations set snoozed_until = 'infinity' where id = ${snoozed}`;
	await database.owner`update public.conversations set is_spam = true where id = ${spam}`;
	expect(await route(database.worker, team)).toBe(0);
});

test('somebody who may no longer answer gets nothing', async () => {
	const { team, agents } = await arrangeTeam(database, 2);
	await database.owner`update public.memberships set role = 'viewer' where user_id = ${agents[0]!}`;
	const ids = await several(2, team);
	await route(database.worker, team);
	expect(await holders(database, ids)).toEqual([agents[1], agents[1]]);
});
