import { readActions, type Action } from '@prosa/core/actions/actions.ts';
import { readConditions, type Conditions } from '@prosa/core/conditions/conditions.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Database } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';

type Row = Database['public']['Tables']['automation_rules']['Row'];
export type Run = Pick<
	Database['public']['Tables']['automation_runs']['Row'],
	'id' | 'conversation_id' | 'outcome' | 'errors' | 'created_at'
>;

/** A rule as it is written, before it has an id too. */
export interface RuleDraft {
	id: string | null;
	name: string;
	trigger: string;
	waiting_minutes: number | null;
	conditions: Conditions;
	actions: Action[];
	enabled: boolean;
	stop_after: boolean;
}

export interface RuleRow extends RuleDraft {
	id: string;
	runs: number;
	failures: number;
	lastRunAt: string | null;
	lastErrors: RunError[];
}

/** What of a run failed: the catalogue's code, and what about it. */
export interface RunError {
	code: string;
	detail: string | null;
}

/** When a rule runs, in words. */
export const triggerNames: Record<string, () => string> = {
	message_received: m.when_message_received,
	conversation_created: m.when_conversation_created,
	message_sent: m.when_message_sent,
	conversation_assigned: m.when_conversation_assigned,
	conversation_closed: m.when_conversation_closed,
	conversation_reopened: m.when_conversation_reopened,
	tag_added: m.when_tag_added,
	priority_changed: m.when_priority_changed,
	snooze_over: m.when_snooze_over,
	waiting: m.when_waiting
};

export const freshRule = (): RuleDraft => ({
	id: null,
	name: '',
	trigger: 'message_received',
	waiting_minutes: null,
	conditions: { match: 'all', rules: [] },
	actions: [],
	enabled: true,
	stop_after: false
});

const draftOf = (row: Row) => ({
	id: row.id,
	name: row.name,
	trigger: row.trigger,
	waiting_minutes: row.waiting_minutes,
	conditions: readConditions(row.conditions) ?? { match: 'all' as const, rules: [] },
	actions: readActions(row.actions) ?? [],
	enabled: row.enabled,
	stop_after: row.stop_after
});

/** A tenant's rules in the order they run, with how often they did. */
export async function rulesOf(client: Client, tenantId: string): Promise<RuleRow[]> {
	const [rules, statistics] = await Promise.all([
		client.from('automation_rules').select('*').eq('tenant_id', tenantId).order('position').throwOnError(),
		client.rpc('rule_statistics', { tenant_id: tenantId }).throwOnError()
	]);
	return rules.data.map((row) => {
		const told = statistics.data.find(({ rule_id }) => rule_id === row.id);
		return {
			...draftOf(row),
			id: row.id,
			runs: told?.runs ?? 0,
			failures: told?.failures ?? 0,
			lastRunAt: told?.last_run_at ?? null,
			lastErrors: errorsOf(told?.last_errors)
		};
	});
}

/** What a rule did last, newest first. */
export async function runsOf(client: Client, tenantId: string, ruleId: string): Promise<Run[]> {
	const { data } = await client
		.from('automation_runs')
		.select('id, conversation_id, outcome, errors, created_at')
		.eq('tenant_id', tenantId)
		.eq('rule_id', ruleId)
		.order('created_at', { ascending: false })
		.limit(50)
		.throwOnError();
	return data;
}

/** The codes of what went wrong in a run. */
export function errorsOf(errors: unknown): RunError[] {
	if (!Array.isArray(errors)) return [];
	return errors.flatMap((error: unknown) => {
		if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return [];
		const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : null;
		return [{ code: error.code, detail }];
	});
}
