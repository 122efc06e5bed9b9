import { randomUUID } from 'node:crypto';
import type { Database } from '../database.ts';
import { uuid } from '../people.ts';

const tenant = uuid('padaria');
let phones = 0;

export interface TeamRules {
	strategy?: 'manual' | 'round_robin' | 'least_busy';
	capacity?: number;
	is_sticky?: boolean;
	online_only?: boolean;
	skill_rule?: 'ignore' | 'prefer' | 'require';
	language_rule?: 'ignore' | 'prefer' | 'require';
}

/** A team of the bakery with `size` agents of its own, all online. Gives its id and theirs, in the order of their turns. */
export async function arrangeTeam(
	database: Database,
	size: number,
	rules: TeamRules = {}
): Promise<{ team: string; agents: string[] }> {
	const { owner } = database;
	const team = randomUUID();
	const agents = Array.from({ length: size }, () => randomUUID()).sort();
	await owner`insert into public.teams ${owner({
		id: team,
		tenant_id: tenant,
		name: `Equipe ${team}`,
		strategy: 'round_robin',
		...rules
	})}`;
	for (const agent of agents) {
		await owner`insert into auth.users (id, aud, role, email) values (${agent}, 'authenticated', 'authenticated', ${`${agent}@example.test`})`;
		await owner`insert into public.memberships (tenant_id, user_id, role, display_name) values (${tenant}, ${agent}, 'agent', ${agent.slice(0, 8)})`;
		await owner`insert into public.team_members (tenant_id, team_id, user_id) values (${tenant}, ${team}, ${agent})`;
		await isHere(database, agent);
	}
	return { team, agents };
}

/** A page of theirs is open, and they want to be `wanted`. */
export async function isHere({ owner }: Database, agent: string, wanted = 'online'): Promise<void> {
	await owner`
		insert into private.agent_heartbeats (tenant_id, user_id) values (${tenant}, ${agent})
		on conflict on constraint agent_heartbeats_pkey do update set seen_at = clock_timestamp()`;
	await owner`
		insert into public.agent_availability (tenant_id, user_id, wanted, is_here) values (${tenant}, ${agent}, ${wanted}, true)
		on conflict on constraint agent_availability_pkey do update set is_here = true, wanted = ${wanted}`;
}

export interface Waiting {
	language?: string | null;
	tags?: string[];
	contact?: string;
	assignee?: string;
	status?: 'open' | 'closed';
}

/** A conversation waits in a team, since one second later than the one before. Gives its id. */
export async function waits({ owner }: Database, team: string | null, more: Waiting = {}): Promise<string> {
	const n = ++phones;
	const contact = more.contact ?? randomUUID();
	const id = randomUUID();
	await owner`
		insert into public.contacts (id, tenant_id, name, language) values (${contact}, ${tenant}, ${`Cliente ${n}`}, ${more.language ?? null})
		on conflict do nothing`;
	await owner`
		insert into public.conversations (id, tenant_id, contact_id, channel_id, team_id, assignee_id, tag_ids, waiting_since, status, closed_at)
		values (
			${id}, ${tenant}, ${contact}, ${uuid('padaria channel')}, ${team}, ${more.assignee ?? null}, ${more.tags ?? []},
			now() - interval '1 day' + make_interval(secs => ${n}), ${more.status ?? 'open'}, ${more.status === 'closed' ? new Date() : null}
		)`;
	return id;
}

/** The router looks at a team's queue. Gives how many it gave. */
export async function route(sql: Database['owner'], team: string): Promise<number> {
	const [row] = await sql<{ given: number }[]>`select private.route(${team}) as given`;
	return row?.given ?? 0;
}

/** Who has each of these conversations, in their order. */
export async function holders({ owner }: Database, ids: string[]): Promise<(string | null)[]> {
	const rows = await owner<
		{ id: string; assignee_id: string | null }[]
	>`select id, assignee_id from public.conversations where id = any (${ids})`;
	return ids.map((id) => rows.find((row) => row.id === id)?.assignee_id ?? null);
}

/** For which teams a look at the queue has been asked for; forgets it. */
export async function asked({ owner }: Database): Promise<string[]> {
	const rows = await owner<{ team: string }[]>`
		delete from graphile_worker._private_jobs j
		using graphile_worker._private_tasks t
		where t.id = j.task_id and t.identifier = 'team__route'
		returning j.payload ->> 'team_id' as team`;
	return rows.map(({ team }) => team).sort();
}
