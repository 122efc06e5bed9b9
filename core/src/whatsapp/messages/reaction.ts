import { z } from 'zod';
import { part } from './part.ts';
import { MaybeText, Text } from './schema.ts';

export const ReactionPayload = z.object({ message_id: Text, emoji: MaybeText });

/** An empty or missing emoji takes the reaction back. */
export const reaction = part('reaction', ReactionPayload, ({ message_id, emoji }) => ({
	content: { kind: 'reaction', emoji: emoji ?? '', removed: !emoji },
	body: emoji ?? '',
	target: message_id
}));
