import { z } from 'zod';
import { part } from './part.ts';
import { MaybeText, Text } from './schema.ts';

export const ButtonPayload = z.object({ text: Text, payload: MaybeText });

/** A tap on a quick reply of a template. */
export const button = part('button', ButtonPayload, ({ text, payload }) => ({
	content: { kind: 'button', text, payload },
	body: text
}));
