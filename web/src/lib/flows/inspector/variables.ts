import type { Flow } from '@prosa/core/flows/flow.ts';
import { FACTS } from '@prosa/core/flows/variables.ts';
import type { Around } from '../queries.ts';

/** Every variable that a text of this flow may name, its own first. */
export function variablesOf(flow: Flow, around: Around): string[] {
	return [
		...flow.variables.map(({ name }) => name),
		...FACTS.contact.filter((key) => key !== 'id').map((key) => `contact.${key}`),
		...around.contactAttributes.map((key) => `contact.${key}`),
		'message.text',
		...around.conversationAttributes.map((key) => `conversation.${key}`),
		'tenant.name',
		...around.tenantVariables.map((key) => `tenant.${key}`),
		'today',
		'now'
	];
}

/** Those that an answer can be kept in. */
export function writableOf(flow: Flow, around: Around): string[] {
	return [
		...flow.variables.map(({ name }) => name),
		...around.contactAttributes.map((key) => `contact.${key}`),
		...around.conversationAttributes.map((key) => `conversation.${key}`)
	];
}

/** What is being written of a variable's name before the cursor; null where none is. */
export function begunName(text: string, cursor: number): { from: number; begun: string } | null {
	const found = /\{\{([a-z0-9_.]*)$/.exec(text.slice(0, cursor));
	return found ? { from: found.index, begun: found[1] ?? '' } : null;
}
