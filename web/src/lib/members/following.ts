import type { Session } from '../auth/session.svelte.ts';
import { followTable } from '../realtime/table.ts';
import type { Member } from '../workspace/context.ts';
import { membersOf } from '../workspace/load.ts';

/** The members with one as they are now, by name; somebody new among them. */
export function withMember(members: readonly Member[], row: Member): Member[] {
	const { user_id, display_name, role, role_id, deactivated_at, avatar } = row;
	const member = { user_id, display_name, role, role_id, deactivated_at, avatar };
	return [...members.filter((known) => known.user_id !== user_id), member].sort((a, b) =>
		a.display_name.localeCompare(b.display_name)
	);
}

/**
 * Tells of members who are new, or have another name, picture or role, for as long as the workspace is on the screen. After
 * a break all are read again. Returns what ends it.
 */
export function followMembers(
	session: Session,
	tenantId: string,
	onchange: (change: (members: Member[]) => Member[]) => void
): () => void {
	let first = true;
	let ended = false;
	const end = followTable(session.client, 'memberships', tenantId, (row) => {
		if (row) return onchange((members) => withMember(members, row as Member));
		// They were read with the page, a moment ago.
		if (first) first = false;
		else
			void membersOf(session.client, tenantId).then(
				(members) => members.length > 0 && !ended && onchange(() => members)
			);
	});
	return () => {
		ended = true;
		end();
	};
}
