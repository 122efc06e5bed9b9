import { z } from 'zod';
import { fieldsOf } from '../json.ts';
import { part, type Part } from './part.ts';
import { MaybeText, Text } from './schema.ts';

export const SystemPayload = z.object({
	type: Text,
	body: MaybeText,
	wa_id: MaybeText,
	new_wa_id: MaybeText,
	user_id: MaybeText
});

const notice = part('system', SystemPayload, ({ type, body, wa_id, new_wa_id, user_id }) => ({
	content: { kind: 'system', type, text: body ?? '', wa_id: wa_id || new_wa_id || null, user_id, identity: null },
	body: body ?? ''
}));

/** A notice of WhatsApp's about the person: new number, new id, new security code. */
export const system: Part = (message, kind) => {
	const reading = notice(message, kind);
	if (reading?.content.kind === 'system') reading.content.identity = fieldsOf(message.identity);
	return reading;
};
