import type { Role } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';

const names: Record<Role, () => string> = {
	admin: m.role_admin,
	supervisor: m.role_supervisor,
	agent: m.role_agent,
	viewer: m.role_viewer,
	analyst: m.role_analyst
};

/** What a role is called: a built-in one in the language on the screen, one of the company's own as they named it. */
export function roleName(role: Role | null, own?: string | null): string {
	return role ? names[role]() : (own ?? m.role_own());
}
