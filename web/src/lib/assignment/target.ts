import type { Directory } from './directory.ts';

/** Where a conversation goes: to a person, or to a team's queue. */
export type Target = { kind: 'person'; id: string; name: string } | { kind: 'team'; id: string; name: string };

/**
 * The team and the person a transfer puts down. To a person, the conversation stays in its team where they belong to
 * it, and else goes to the one team of theirs; without one, it is theirs alone.
 */
export function placeOf(
	target: Target,
	teamId: string | null,
	teams: Directory['teams']
): { teamId: string | null; assigneeId: string | null } {
	if (target.kind === 'team') return { teamId: target.id, assigneeId: null };
	const theirs = teams.filter(({ memberIds }) => memberIds.includes(target.id)).map(({ id }) => id);
	const kept = theirs.find((id) => id === teamId) ?? (theirs.length === 1 ? theirs[0] : undefined);
	return { teamId: kept ?? null, assigneeId: target.id };
}
