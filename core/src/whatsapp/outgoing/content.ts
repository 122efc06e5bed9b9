import { faultsBy } from './check.ts';
import { CONTACTS_RULE, type OutgoingContacts } from './contacts.ts';
import type { Fault } from './faults.ts';
import { INTERACTIVE_RULE, type OutgoingInteractive } from './interactive/interactive.ts';
import { LOCATION_RULE, type OutgoingLocation } from './location.ts';
import { MEDIA_RULES, type OutgoingMedia } from './media.ts';
import { REACTION_RULE, type OutgoingReaction } from './reaction.ts';
import type { Rule } from './rule.ts';
import { TEMPLATE_RULE, type OutgoingTemplate } from './template/template.ts';
import { TEXT_RULE, type OutgoingText } from './text.ts';

/** What can be sent, as `public.send_message` takes it and `messages.content` keeps it. */
export type OutgoingContent =
	| OutgoingText
	| OutgoingMedia
	| OutgoingLocation
	| OutgoingContacts
	| OutgoingReaction
	| OutgoingInteractive
	| OutgoingTemplate;

/** The whole table, by kind. `npm run db:rules` writes it into sql/45_outgoing_rules.sql. */
export const RULES: Record<OutgoingContent['kind'], Rule> = {
	text: TEXT_RULE,
	...MEDIA_RULES,
	location: LOCATION_RULE,
	contacts: CONTACTS_RULE,
	reaction: REACTION_RULE,
	interactive: INTERACTIVE_RULE,
	template: TEMPLATE_RULE
};

const ANY: Rule = { is: 'variant', by: 'kind', of: RULES };

/** All that WhatsApp would refuse in a message, each with the field it is about: what a form shows. */
export const contentFaults = (content: unknown): Fault[] => [...faultsBy(ANY, content, [])];

/** The first fault, which is also the one `public.send_message` would answer with, or null when it may be sent. */
export function checkContent(content: unknown): Fault | null {
	for (const fault of faultsBy(ANY, content, [])) return fault;
	return null;
}
