import type { Role } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';

const names: Record<Role, () => string> = {
	admin: m.role_admin,
	supervisor: m.role_supervisor,
	agent: m.role_agent,
	viewer: m.role_viewer,
	analyst: m.role_analyst
};

/** What a role is called. */
export function roleName(role: Role): string {
	return names[role]();
}
