import type { TransactionSql } from 'postgres';
import type { Random } from './random.ts';

/** How the demo teams give out what comes, by their name. Capacities that a working day of the demo fills. */
const RULES: Record<string, Record<string, unknown>> = {
	Atendimento: { strategy: 'round_robin', capacity: 5, is_sticky: true },
	Vendas: { strategy: 'least_busy', capacity: 4, language_rule: 'prefer' }
};

const LANGUAGES = [['pt', 'en'], ['pt'], ['pt', 'es']];
const HOUR = 3_600_000;

/** Settles how the teams of a demo company work, what their people speak, and when these were there in the last days. */
export async function seedTeams(
	sql: TransactionSql,
	tenantId: string,
	teams: { id: string; name: string; members: { id: string }[] }[],
	now: Date,
	random: Random
): Promise<void> {
	for (const { id, name } of teams) {
		await sql`update public.teams set ${sql(RULES[name] ?? { strategy: 'manual' })} where id = ${id}`;
	}
	const members = [...new Set(teams.flatMap((team) => team.members.map(({ id }) => id)))];
	await sql`insert into public.agent_skills ${sql(
		members.map((user_id, index) => ({
			tenant_id: tenantId,
			user_id,
			languages: LANGUAGES[index % LANGUAGES.length] ?? ['pt']
		}))
	)}`;
	// Nobody has a page open yet: they are away until they sign in, and begin a period with it.
	await sql`insert into public.agent_availability ${sql(
		members.map((user_id) => ({ tenant_id: tenantId, user_id, wanted: 'online' }))
	)}`;
	await sql`insert into public.availability_periods ${sql(
		members.flatMap((user_id) => pastDays(now, random).map((period) => ({ tenant_id: tenantId, user_id, ...period })))
	)}`;
}

/** A week of working days: from about eight to about six by their clock in São Paulo, with an hour at noon. */
function pastDays(now: Date, random: Random) {
	const periods: { state: string; started_at: Date; ended_at: Date }[] = [];
	for (let ago = 7; ago >= 1; ago--) {
		const midnight = new Date(now.getTime() - ago * 24 * HOUR);
		midnight.setUTCHours(3, 0, 0, 0);
		if ([0, 6].includes(midnight.getUTCDay())) continue;
		const at = (hour: number) => new Date(midnight.getTime() + hour * HOUR + random.between(0, 20) * 60_000);
		const [morning, noon, afternoon, evening] = [at(8), at(12), at(13), at(18)];
		periods.push(
			{ state: 'online', started_at: morning, ended_at: noon },
			{ state: 'away', started_at: noon, ended_at: afternoon },
			{ state: 'online', started_at: afternoon, ended_at: evening },
			{ state: 'away', started_at: evening, ended_at: new Date(evening.getTime() + 60_000) }
		);
	}
	return periods;
}
