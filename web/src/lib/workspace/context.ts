import { getContext, setContext } from 'svelte';
import type { Permission } from '@prosa/core/permissions/permissions.ts';
import type { Membership, Workspace } from '../database.ts';
import type { Person } from '../auth/person.ts';

export type Member = Pick<Membership, 'user_id' | 'display_name' | 'role' | 'role_id' | 'deactivated_at' | 'avatar'>;

/** The workspace on the screen, who looks at it and who belongs to it. */
export interface Place {
	person: Person;
	workspace: Workspace;
	workspaces: Workspace[];
	members: Member[];
	/** The teams the person belongs to here. */
	teamIds: string[];
	/** Whether people make companies by themselves here. */
	mayFound: boolean;
}

/** Whether the person on the screen may do something here. The database decides; this only hides what it would refuse. */
export function may({ workspace }: Place, permission: Permission): boolean {
	return workspace.permissions.includes(permission);
}

/** The name a member goes by; null for someone who has left. */
export function nameOf({ members }: Place, userId: string | null): string | null {
	return members.find(({ user_id }) => user_id === userId)?.display_name ?? null;
}

const key = Symbol('place');
/** As a function, so that it stays current when the page's data changes. */
export const setPlace = (place: () => Place) => setContext(key, place);
export const getPlace = () => getContext<() => Place>(key);
