import { z } from 'zod';
import type { Permission } from '../permissions/permissions.ts';

/** When a snoozed conversation comes back: a moment, so many minutes from then, a morning, or only when the customer writes. */
const until = z.union([
	z.literal(['answer', 'tomorrow', 'monday']),
	z.strictObject({ minutes: z.int().min(1).max(525_600) }),
	z.iso.datetime({ offset: true })
]);

const tags = z.array(z.guid()).min(1).max(20);
const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
const value = z.union([z.string().min(1).max(2_000), z.number(), z.boolean(), z.null()]);

/** One thing that is done to a conversation: by a macro, to many at once, or by a rule. sql/44_actions_performed.sql does them. */
export const actionSchema = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('assign_agent'), agent: z.union([z.literal(['me', 'nobody']), z.guid()]) }),
	z.strictObject({ type: z.literal('assign_team'), team: z.guid().nullable() }),
	/** Gives it to whoever is next in the team, or in the team it is in already (null). */
	z.strictObject({ type: z.literal('route'), team: z.guid().nullable() }),
	z.strictObject({ type: z.literal('add_tags'), tags }),
	z.strictObject({ type: z.literal('remove_tags'), tags }),
	z.strictObject({ type: z.literal('set_priority'), priority: z.int().min(0).max(4) }),
	z.strictObject({ type: z.literal('snooze'), until }),
	z.strictObject({ type: z.literal('unsnooze') }),
	z.strictObject({ type: z.literal('close') }),
	z.strictObject({ type: z.literal('reopen') }),
	z.strictObject({ type: z.literal('mark_spam'), spam: z.boolean() }),
	z.strictObject({ type: z.literal('mark_read') }),
	z.strictObject({ type: z.literal('send_text'), text: z.string().trim().min(1).max(4_096) }),
	z.strictObject({ type: z.literal('send_canned'), canned: z.guid() }),
	/** `content`: core's OutgoingContent of a template. */
	z.strictObject({ type: z.literal('send_template'), content: z.looseObject({ kind: z.literal('template') }) }),
	z.strictObject({
		type: z.literal('add_note'),
		text: z.string().trim().min(1).max(4_096),
		mentions: z.array(z.guid()).max(20).optional()
	}),
	z.strictObject({ type: z.literal('set_conversation_attribute'), key, value }),
	z.strictObject({ type: z.literal('set_contact_attribute'), key, value }),
	z.strictObject({
		type: z.literal('notify'),
		people: z
			.array(z.union([z.literal(['assignee', 'team']), z.guid()]))
			.min(1)
			.max(20),
		text: z.string().trim().max(200)
	})
]);

export type Action = z.infer<typeof actionSchema>;
export type ActionType = Action['type'];
export type Until = z.infer<typeof until>;

/** Actions of one macro, rule or bulk change, done in this order. */
export const maxActions = 20;
export const actionsSchema = z.array(actionSchema).min(1).max(maxActions);

/** What a person needs for each; the database asks the same of them. A rule needs nothing: whoever wrote it may manage rules. */
export const PERMISSION_OF = {
	assign_agent: 'conversations.assign',
	assign_team: 'conversations.assign',
	route: 'conversations.assign',
	add_tags: 'conversations.reply',
	remove_tags: 'conversations.reply',
	set_priority: 'conversations.reply',
	snooze: 'conversations.reply',
	unsnooze: 'conversations.reply',
	close: 'conversations.close',
	reopen: 'conversations.close',
	mark_spam: 'conversations.close',
	mark_read: 'conversations.reply',
	send_text: 'conversations.reply',
	send_canned: 'conversations.reply',
	send_template: 'conversations.reply',
	add_note: 'conversations.reply',
	set_conversation_attribute: 'conversations.reply',
	set_contact_attribute: 'contacts.write',
	notify: 'conversations.reply'
} as const satisfies Record<ActionType, Permission>;

export const ACTION_TYPES = Object.keys(PERMISSION_OF) as ActionType[];

/** What only a person can do, so that no rule has it: nobody reads for them, and there is no `me`. */
const ONLY_PEOPLE: readonly ActionType[] = ['mark_read'];

/** Whether a rule, which acts by itself, can do it. */
export function suitsRule(action: Action): boolean {
	return !ONLY_PEOPLE.includes(action.type) && !(action.type === 'assign_agent' && action.agent === 'me');
}

/** Actions of which nothing is known; null where there are none or one is malformed. */
export function readActions(value: unknown): Action[] | null {
	const read = actionsSchema.safeParse(value);
	return read.success ? read.data : null;
}
