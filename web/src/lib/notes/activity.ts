import type { ActivityContent, Cause, Change, Named } from '@prosa/core/activity/activity.ts';
import { priorityName } from '#lib/conversation/priority.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** Who did it; null where it was done by itself. */
export interface Actor {
	id: string | null;
	name: string;
}

interface Saying {
	actor: Actor | null;
	/** A moment as the person reads it. */
	moment: (at: string) => string;
	/** A member's name today; null for one who has left. */
	nameOf: (id: string) => string | null;
}

/** What was done, in one sentence: “Ana encerrou a conversa e adicionou Troca · com a macro “Fim””. */
export function activityText({ changes, cause }: ActivityContent, saying: Saying): string {
	const { actor } = saying;
	const told = changes.map((change) => partOf(change, saying)).filter((part) => part !== null);
	const list = new Intl.ListFormat(getLocale());
	// What happens to a conversation by itself has no subject, whoever's transaction it was.
	const own = told.filter(({ alone }) => !alone).map(({ text }) => text);
	const alone = told.filter(({ alone }) => alone).map(({ text }) => text);
	const sentences = [...(own.length > 0 && actor ? [`${actor.name} ${list.format(own)}`] : []), ...alone];
	return [...sentences, ...(cause ? [causeText(cause)] : [])].join(' · ');
}

interface Part {
	text: string;
	/** A sentence by itself; otherwise what its actor did. */
	alone: boolean;
}

function partOf(change: Change, { actor, moment, nameOf }: Saying): Part | null {
	const either = (did: () => string, alone: () => string): Part =>
		actor ? { text: did(), alone: false } : { text: alone(), alone: true };
	const called = (who: Named) => nameOf(who.id) ?? who.name ?? m.activity_somebody();
	switch (change.type) {
		case 'closed':
			return either(m.activity_closed, m.activity_closed_alone);
		case 'reopened':
			return either(m.activity_reopened, m.activity_reopened_alone);
		case 'spam':
			return change.to
				? either(m.activity_spam, m.activity_spam_alone)
				: either(m.activity_no_spam, m.activity_no_spam_alone);
		case 'snoozed': {
			const when = change.until === 'infinity' ? m.activity_until_answer() : moment(change.until);
			return either(
				() => m.activity_snoozed({ when }),
				() => m.activity_snoozed_alone({ when })
			);
		}
		case 'woke':
			if (change.by === 'answer') return { text: m.activity_woke_answer(), alone: true };
			if (change.by === 'time') return { text: m.activity_woke_time(), alone: true };
			return either(m.activity_woke, m.activity_woke_alone);
		case 'team': {
			const team = change.to?.name ?? change.from?.name ?? '';
			return change.to
				? either(
						() => m.activity_team({ team }),
						() => m.activity_team_alone({ team })
					)
				: either(
						() => m.activity_no_team({ team }),
						() => m.activity_no_team_alone({ team })
					);
		}
		case 'assignee': {
			const { from, to } = change;
			if (to && to.id === actor?.id) return { text: m.activity_took(), alone: false };
			if (to) {
				return either(
					() => m.activity_assigned({ to: called(to) }),
					() => m.activity_assigned_alone({ to: called(to) })
				);
			}
			if (!from) return null;
			if (from.id === actor?.id) return { text: m.activity_left(), alone: false };
			return either(
				() => m.activity_unassigned({ from: called(from) }),
				() => m.activity_unassigned_alone({ from: called(from) })
			);
		}
		case 'priority':
			return change.to === 0
				? either(m.activity_no_priority, m.activity_no_priority_alone)
				: either(
						() => m.activity_priority({ priority: priorityName(change.to) }),
						() => m.activity_priority_alone({ priority: priorityName(change.to) })
					);
		case 'tags':
			return tagsPart(change, either);
		case 'merged_in':
			return either(m.activity_merged_in, m.activity_merged_in_alone);
		case 'merged_into':
			return either(m.activity_merged_into, m.activity_merged_into_alone);
		case 'unmerged':
			return either(m.activity_unmerged, m.activity_unmerged_alone);
	}
}

function tagsPart(
	{ added, removed }: Extract<Change, { type: 'tags' }>,
	either: (did: () => string, alone: () => string) => Part
): Part | null {
	const list = new Intl.ListFormat(getLocale());
	const names = (tags: Named[]) => list.format(tags.map(({ name }) => `“${name ?? ''}”`));
	const parts = [
		...(added.length > 0
			? [
					either(
						() => m.activity_tagged({ tags: names(added) }),
						() => m.activity_tagged_alone({ tags: names(added) })
					)
				]
			: []),
		...(removed.length > 0
			? [
					either(
						() => m.activity_untagged({ tags: names(removed) }),
						() => m.activity_untagged_alone({ tags: names(removed) })
					)
				]
			: [])
	];
	const [first] = parts;
	if (!first) return null;
	return { text: list.format(parts.map(({ text }) => text)), alone: first.alone };
}

/** Why it was done. */
export function causeText({ type, name }: Cause): string {
	if (type === 'rule') return m.cause_rule({ name: name ?? '' });
	if (type === 'macro') return m.cause_macro({ name: name ?? '' });
	if (type === 'schedule') return m.cause_schedule();
	if (type === 'hours') return m.cause_hours();
	if (type === 'flow') return m.cause_flow({ name: name ?? '' });
	if (type === 'ai') return m.cause_ai({ name: name ?? '' });
	return m.cause_routing();
}
