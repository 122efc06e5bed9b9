import { field, object, word, type Rule } from './rule.ts';

/** The message reacted to is the quoted one; no emoji takes a reaction back: …/whatsapp/messages/reaction-messages */
export interface OutgoingReaction {
	kind: 'reaction';
	emoji: string;
}

export const REACTION_RULE: Rule = object([
	field('kind', word('reaction')),
	field('emoji', { is: 'emoji' }, 'field_missing')
]);
