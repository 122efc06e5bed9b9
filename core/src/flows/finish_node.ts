import type { Outcome } from './events.ts';
import type { NodeOf } from './nodes.ts';
import { textMessage } from './outgoing.ts';
import { at } from './request.ts';
import type { Walk } from './walk.ts';

/** By which way a node that asked a machine is left, once it has answered. */
export function finishNode(walk: Walk, node: NodeOf<'http' | 'ai'>, outcome: Outcome): 'next' | 'error' {
	if (!outcome.ok) {
		walk.fault(outcome.code);
		return 'error';
	}
	if (node.type === 'http') {
		for (const { variable, path } of node.save) walk.write(variable, at(outcome.body ?? null, path));
		return 'next';
	}
	const text = outcome.text ?? '';
	if (node.save_as) walk.write(node.save_as, text);
	if (node.say && text.trim() !== '') walk.send(node.id, textMessage(text));
	return 'next';
}
