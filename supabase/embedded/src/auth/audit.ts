import { randomUUID } from 'node:crypto';
import type { Db } from './database.ts';

/** GoTrue's name of what happened and the drawer it files it in. */
const LOG_TYPES = {
	login: 'account',
	logout: 'account',
	user_signedup: 'team',
	user_invited: 'team',
	user_deleted: 'team',
	user_modified: 'user',
	user_updated_password: 'user',
	user_recovery_requested: 'user',
	user_reauthenticate_requested: 'user',
	user_confirmation_requested: 'user',
	token_refreshed: 'token',
	token_revoked: 'token',
	factor_in_progress: 'factor',
	challenge_created: 'factor',
	verification_attempted: 'factor',
	factor_deleted: 'factor'
} as const;

export type AuditAction = keyof typeof LOG_TYPES;

/** Writes one line of auth.audit_log_entries. `actor` is the user, or the service key's role when there is none. */
export async function audit(
	db: Db,
	action: AuditAction,
	actor: { id: string; email: string | null },
	ip: string,
	traits?: Record<string, unknown>
): Promise<void> {
	const payload = {
		action,
		actor_id: actor.id,
		actor_username: actor.email ?? '',
		actor_via_sso: false,
		log_type: LOG_TYPES[action],
		...(traits ? { traits } : {})
	};
	await db`
		insert into auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)
		values ('00000000-0000-0000-0000-000000000000', ${randomUUID()}, ${JSON.stringify(payload)}::text::json, now(), ${ip.slice(0, 64)})`;
}

/** Who acts when the service key does. */
export const SERVICE = { id: '00000000-0000-0000-0000-000000000000', email: 'service_role' };
