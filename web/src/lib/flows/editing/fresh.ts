import { Node, type NodeType } from '@prosa/core/flows/nodes.ts';

/** Makes an id that no block has. */
export type MakeId = () => string;

export const randomId: MakeId = () => crypto.randomUUID().replaceAll('-', '').slice(0, 10);

/** What a new block needs of the company to be one: another flow, or a template. */
export interface Offered {
	flowId?: string | undefined;
	template?: { name: string; language: string } | undefined;
}

/** A block as it comes out of the palette; null where the company has not what it needs. */
export function freshNode(
	type: NodeType,
	position: { x: number; y: number },
	{ flowId, template }: Offered = {},
	id = randomId()
): Node | null {
	const shape = shapes[type]?.(randomId) ?? {};
	if (type === 'flow') {
		if (!flowId) return null;
		return Node.parse({ id, position, type, flow_id: flowId });
	}
	if (type === 'template') {
		if (!template) return null;
		return Node.parse({ id, position, type, template: template.name, language: template.language });
	}
	return Node.parse({ id, position, type, ...shape });
}

const option = (id: MakeId) => ({ id: id(), label: '' });

const shapes: Partial<Record<NodeType, (id: MakeId) => object>> = {
	message: () => ({ text: '' }),
	media: () => ({ kind: 'image' }),
	buttons: (id) => ({ text: '', options: [option(id), option(id)] }),
	list: (id) => ({ text: '', sections: [{ title: '', options: [option(id), option(id)] }] }),
	question: () => ({ text: '', answer: { kind: 'text' } }),
	condition: (id) => ({
		cases: [
			{
				id: id(),
				label: '',
				when: { type: 'variables', match: 'all', tests: [{ variable: 'message.text', op: 'contains', value: '' }] }
			}
		]
	}),
	set: () => ({ set: [{ variable: 'resposta', to: { text: '' } }] }),
	wait: () => ({ seconds: 60 }),
	http: () => ({ method: 'GET', url: 'https://' }),
	sgp: () => ({ ask: 'customer', document: '{{message.text}}' }),
	ai: () => ({ prompt: '' }),
	tag: () => ({}),
	assign: () => ({ team_id: null }),
	handover: () => ({}),
	hours: () => ({}),
	split: (id) => ({
		variants: [
			{ id: id(), label: 'A', weight: 50 },
			{ id: id(), label: 'B', weight: 50 }
		]
	}),
	csat: () => ({ text: '' }),
	lead: () => ({ temperature: 'warm' }),
	webhook: () => ({ url: 'https://', event: 'bot.event' })
};
