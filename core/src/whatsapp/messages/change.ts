import { z } from 'zod';
import { fieldsOf } from '../json.ts';
import { part, type Part } from './part.ts';
import { Anything, Text } from './schema.ts';

export const RevokePayload = z.object({ original_message_id: Text });
export const EditPayload = z.object({ original_message_id: Text, message: Anything });

/** The sender took a message back. */
export const revoke = part('revoke', RevokePayload, ({ original_message_id }) => ({
	content: { kind: 'revoke' },
	body: '',
	target: original_message_id
}));

/** The sender changed a message: it carries the whole new message. `read` reads that one. */
export function edit(read: Part): Part {
	return part('edit', EditPayload, ({ original_message_id, message }) => {
		const inner = fieldsOf(message);
		const reading = inner && read(inner, '');
		if (!reading || reading.content.kind === 'edit') return null;
		return {
			content: { kind: 'edit', message: reading.content },
			body: reading.body,
			target: original_message_id
		};
	});
}
