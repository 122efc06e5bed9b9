import type { OutgoingContent } from '../whatsapp/build.ts';
import { kindOf } from '../whatsapp/outgoing/media.ts';
import { holds } from './conditions.ts';
import { parseExpression } from './expression.ts';
import { requestOf } from './request.ts';
import type { Node, NodeOf } from './nodes.ts';
import { clip, textMessage } from './outgoing.ts';
import { asksByDocument } from './sgp.ts';
import { fill, fillDeep } from './template.ts';
import { textOf, type Value } from './variables.ts';
import type { Walk } from './walk.ts';

/** By which way a node is left; null where the run waits or has ended. `call`: into another flow; `return`: out of this. */
export function runNode(walk: Walk, node: Node): string | null {
	switch (node.type) {
		case 'start':
			return 'next';
		case 'message':
			say(walk, node.id, walk.fill(node.text), node.preview_url);
			return 'next';
		case 'media':
			walk.send(node.id, media(walk, node));
			return 'next';
		case 'buttons':
		case 'list':
		case 'csat':
			walk.ask(node, walk.fill(node.text));
			return walk.await(node);
		case 'question':
			say(walk, node.id, walk.fill(node.text), false);
			return walk.await(node);
		case 'condition':
			return condition(walk, node);
		case 'set':
			assign(walk, node);
			return 'next';
		case 'wait':
			return walk.pause(node);
		case 'http': {
			const request = requestOf(node, walk.memory.get);
			if (request) return walk.awaitEffect({ type: 'http', request, node: node.id });
			walk.fault('address_invalid');
			return 'error';
		}
		case 'sgp': {
			const [document, contract] = [walk.fill(node.document).trim(), walk.fill(node.contract).trim()];
			if (asksByDocument(node.ask) || /^\d{1,15}$/.test(contract))
				return walk.awaitEffect({ type: 'sgp', ask: node.ask, document, contract, node: node.id });
			walk.fault('sgp_contract_missing');
			return 'error';
		}
		case 'ai':
			return walk.awaitEffect({
				type: 'ai',
				prompt: walk.fill(node.prompt),
				seconds: node.seconds,
				variables: walk.state.variables,
				node: node.id
			});
		case 'tag':
			if (node.add.length > 0) walk.act(node.id, { type: 'add_tags', tags: node.add });
			if (node.remove.length > 0) walk.act(node.id, { type: 'remove_tags', tags: node.remove });
			return 'next';
		case 'assign':
			walk.want({ type: 'assign', team_id: node.team_id, node: node.id });
			return 'next';
		case 'handover': {
			say(walk, node.id, walk.fill(node.text), false);
			const { team_id, agent_id, ai_agent_id } = node;
			walk.want({
				type: 'hand_over',
				team_id,
				agent_id,
				...(ai_agent_id === null ? {} : { ai_agent_id }),
				note: clip(walk.fill(node.note), 4_000),
				node: node.id
			});
			walk.end({ how: 'handed_over' });
			return null;
		}
		case 'hours':
			// What nobody has said when it is closed is open.
			return walk.facts.open[node.team_id ?? ''] === false ? 'closed' : 'open';
		case 'split':
			return split(walk, node);
		case 'flow':
			return walk.call(node);
		case 'template':
			walk.send(node.id, template(walk, node));
			return 'next';
		case 'lead': {
			const value = node.value === '' ? null : evaluate(walk, node.value);
			walk.want({
				type: 'lead',
				title: clip(walk.fill(node.title), 200),
				temperature: node.temperature,
				value: typeof value === 'number' ? value : null,
				node: node.id
			});
			return 'next';
		}
		case 'webhook': {
			const { url, body } = node;
			const request = requestOf({ method: 'POST', url, headers: [], body, seconds: 10, retries: 3 }, walk.memory.get);
			if (request) walk.want({ type: 'webhook', event: node.event, request, node: node.id });
			else walk.fault('address_invalid');
			return 'next';
		}
		case 'end':
			if (!node.close) return 'return';
			walk.want({ type: 'close', node: node.id });
			walk.end({ how: 'completed' });
			return null;
	}
}

/** Nothing to say is nothing said. */
function say(walk: Walk, node: string, text: string, preview: boolean): void {
	if (text.trim() !== '') walk.send(node, textMessage(text, preview));
}

function media(walk: Walk, node: NodeOf<'media'>): OutgoingContent {
	const { path, link, mime_type, size, filename } = node;
	const caption = walk.fill(node.caption);
	const kind = mime_type && kindOf(mime_type) === null ? 'document' : node.kind;
	return {
		kind,
		...(path ? { path, mime_type, size } : { link: link && walk.fill(link) }),
		...(filename && kind === 'document' ? { filename } : {}),
		...(caption.trim() !== '' && kind !== 'audio' && kind !== 'sticker' ? { caption: clip(caption, 1_024) } : {})
	};
}

function template(walk: Walk, node: NodeOf<'template'>): OutgoingContent {
	const components = fillDeep(node.components as Value, walk.memory.get);
	return {
		kind: 'template',
		...(node.template_id && { template_id: node.template_id }),
		name: node.template,
		language: node.language,
		components
	} as OutgoingContent;
}

function condition(walk: Walk, node: NodeOf<'condition'>): string {
	const { facts, at, memory, flow } = walk;
	const asked = { facts, at, get: memory.get, names: () => (flow ? memory.names(flow) : {}) };
	for (const { id, when } of node.cases) {
		try {
			if (holds(when, asked)) return id;
		} catch {
			walk.fault('expression_failed');
		}
	}
	return 'else';
}

/** Several in one node see one another, in their order. */
function assign(walk: Walk, node: NodeOf<'set'>): void {
	for (const { variable, to } of node.set) {
		const text = to && 'text' in to ? fill(to.text, walk.memory.get, textOf) : null;
		walk.write(variable, to && 'expression' in to ? evaluate(walk, to.expression) : text);
	}
}

/** An expression's value; null, and a fault told, where it has none. */
function evaluate(walk: Walk, expression: string): Value {
	try {
		return walk.flow ? parseExpression(expression).evaluate(walk.memory.names(walk.flow)) : null;
	} catch {
		walk.fault('expression_failed');
		return null;
	}
}

function split(walk: Walk, { variants }: NodeOf<'split'>): string {
	const total = variants.reduce((sum, { weight }) => sum + weight, 0);
	let place = walk.draw() * total;
	for (const { id, weight } of variants) {
		place -= weight;
		if (place < 0) return id;
	}
	return variants.at(-1)?.id ?? '';
}
