import { z } from 'zod';
import { fieldsOf } from '../json.ts';
import { storable } from '../storable.ts';
import { part } from './part.ts';
import { Anything, MaybeText, Text } from './schema.ts';

const Choice = z.object({ id: MaybeText, title: Text, description: MaybeText });

export const InteractivePayload = z.discriminatedUnion('type', [
	z.object({ type: z.literal('button_reply'), button_reply: Choice }),
	z.object({ type: z.literal('list_reply'), list_reply: Choice }),
	z.object({
		type: z.literal('nfm_reply'),
		nfm_reply: z.object({ name: MaybeText, body: MaybeText, response_json: z.union([Text, Anything]).nullish() })
	}),
	z.object({ type: z.literal('call_permission_reply'), call_permission_reply: Anything })
]);

/** The answer to buttons, a list, a Flow or a request to call. */
export const interactive = part('interactive', InteractivePayload, (answer) => {
	const blank = { kind: 'interactive', id: null, title: null, description: null, response: null } as const;
	switch (answer.type) {
		case 'button_reply':
			return chosen(answer.type, answer.button_reply);
		case 'list_reply':
			return chosen(answer.type, answer.list_reply);
		case 'nfm_reply': {
			const { name, body, response_json } = answer.nfm_reply;
			const response = answersOf(response_json);
			// an answer that is no JSON object is kept as it came
			const description = response === null && typeof response_json === 'string' ? response_json : null;
			return {
				content: { ...blank, type: answer.type, id: name, title: body, description, response },
				body: body ?? ''
			};
		}
		case 'call_permission_reply':
			return { content: { ...blank, type: answer.type, response: answer.call_permission_reply }, body: '' };
	}
});

function chosen(type: 'button_reply' | 'list_reply', choice: z.output<typeof Choice>) {
	return { content: { kind: 'interactive', type, ...choice, response: null } as const, body: choice.title };
}

function answersOf(json: unknown): Record<string, unknown> | null {
	if (typeof json !== 'string') return fieldsOf(json);
	try {
		return fieldsOf(storable(JSON.parse(json)));
	} catch {
		return null;
	}
}
