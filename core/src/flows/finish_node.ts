import type { Outcome } from './events.ts';
import type { NodeOf } from './nodes.ts';
import { textMessage } from './outgoing.ts';
import { at } from './request.ts';
import { sgpWay } from './sgp.ts';
import type { Walk } from './walk.ts';

/** By which way a node that asked a machine is left, once it has answered. */
export function finishNode(walk: Walk, node: NodeOf<'http' | 'sgp' | 'ai'>, outcome: Outcome): string {
	if (!outcome.ok) {
		walk.fault(outcome.code);
		return 'error';
	}
	if (node.type === 'http') {
		for (const { variable, path } of node.save) walk.write(variable, at(outcome.body ?? null, path));
		return 'next';
	}
	if (node.type === 'sgp') {
		const body = outcome.body ?? null;
		const way = sgpWay(node.ask, body);
		if (way === null) walk.fault('sgp_unreadable');
		else for (const { variable, path } of node.save) walk.write(variable, at(body, path));
		return way ?? 'error';
	}
	const text = outcome.text ?? '';
	if (node.save_as) walk.write(node.save_as, text);
	if (node.say && text.trim() !== '') walk.send(node.id, textMessage(text));
	return 'next';
}
