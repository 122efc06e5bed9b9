import { ROLE_PERMISSIONS, ROLES } from '@prosa/core/permissions/permissions.ts';
import type { Membership, Role, Row } from '../database.ts';
import { roleName } from '../workspace/roles.ts';

export type OwnRole = Pick<Row<'roles'>, 'id' | 'name' | 'description' | 'permissions'>;

/** A role as a choice: `admin`, or the id of one of the company's own. */
export type RoleKey = string;

/** One of the two columns that name a role. */
export interface RoleChoice {
	role: Role | null;
	role_id: string | null;
}

export const keyOf = ({ role, role_id }: Pick<Membership, 'role' | 'role_id'>): RoleKey => role_id ?? role ?? '';

/** The columns that a choice stands for. */
export function choiceOf(key: RoleKey): RoleChoice {
	const role = ROLES.find((name) => name === key);
	return role ? { role, role_id: null } : { role: null, role_id: key };
}

/** What a role allows. */
export function permissionsOf(key: RoleKey, own: readonly OwnRole[]): readonly string[] {
	const role = ROLES.find((name) => name === key);
	return role ? ROLE_PERMISSIONS[role] : (own.find(({ id }) => id === key)?.permissions ?? []);
}

export function nameOfRole(key: RoleKey, own: readonly OwnRole[]): string {
	const role = ROLES.find((name) => name === key);
	return roleName(role ?? null, own.find(({ id }) => id === key)?.name);
}

/** Every role, the built-in ones first; those that hold what one does not hold oneself can't be given. */
export function roleOptions(own: readonly OwnRole[], mine: readonly string[]) {
	const keys = [...ROLES, ...own.map(({ id }) => id)];
	return keys.map((value) => ({
		value,
		label: nameOfRole(value, own),
		disabled: !within(permissionsOf(value, own), mine)
	}));
}

/** Whether whoever holds `mine` may give or take `permissions`. The database decides; picking is a matter of the company. */
export const within = (permissions: readonly string[], mine: readonly string[]) =>
	permissions.every((permission) => permission === 'conversations.pick' || mine.includes(permission));
