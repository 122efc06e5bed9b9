import type { Database } from '../database.ts';
import { uuid, type Person } from '../people.ts';

export interface WrittenRule {
	name?: string;
	trigger: string;
	waiting_minutes?: number;
	conditions?: object;
	actions: object[];
	enabled?: boolean;
	stop_after?: boolean;
}

/** A person writes a rule of the bakery's. Gives its id. */
export async function writeRule(database: Database, rule: WrittenRule, person: Person = 'sofia'): Promise<string> {
	return database.as(person, async (sql) => {
		const [row] = await sql<{ id: string }[]>`
			select id from public.save_rule(${uuid('padaria')}, null, ${JSON.stringify({ name: 'Regra', ...rule })}::text::jsonb)`;
		return String(row?.id);
	});
}

export interface Run {
	rule_id: string;
	outcome: string;
	errors: { action: number; code: string; detail: string | null }[];
}

/** What became of rules in a conversation, oldest first. */
export const runsIn = (database: Database, conversationId: string) =>
	database.owner<Run[]>`
		select rule_id, outcome, errors from public.automation_runs
		where conversation_id = ${conversationId} order by created_at`;

/** A tag of the bakery's. */
export async function makeTag(database: Database, name: string): Promise<string> {
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color, position) values (${uuid('padaria')}, ${name}, 'blue', 1) returning id`;
	return String(row?.id);
}

/** The rules of one test are no other's. */
export const forgetRules = (database: Database) => database.owner`delete from public.automation_rules`;
