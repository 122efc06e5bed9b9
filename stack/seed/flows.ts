import { branchesOf } from '@prosa/core/flows/branches.ts';
import { parseFlow, type Flow } from '@prosa/core/flows/flow.ts';
import { secondInvoice } from '@prosa/core/flows/ready/second_invoice.ts';
import type { TransactionSql } from 'postgres';
import type { Random } from './random.ts';

interface DemoFlow {
	name: string;
	flow: Flow;
	triggers: { type: 'keyword'; words: string[]; match: 'whole' }[];
}

const text = (id: string, words: string) => ({ id, type: 'message', text: words });

/** A menu that knows the hours, and calls a person when one is wanted. */
const menu = draw(
	[
		{
			id: 'menu',
			type: 'list',
			text: 'Olá, {{contact.first_name|tudo bem}}! 🥖 Aqui é o assistente da {{tenant.name}}. Como posso ajudar?',
			button: 'Ver opções',
			sections: [
				{
					options: [
						{ id: 'hours', label: 'Horários e endereço' },
						{ id: 'today', label: 'Fornadas de hoje', description: 'A que horas sai cada pão' },
						{ id: 'order', label: 'Bolo sob encomenda', description: 'Um orçamento em três perguntas' },
						{ id: 'person', label: 'Falar com alguém' }
					]
				}
			],
			timeout: 1_800
		},
		text('address', 'Ficamos na Rua das Flores, 120. Abrimos todos os dias das 6h às 20h; aos domingos, até as 13h.'),
		text(
			'bread',
			'Pão francês a cada hora cheia, de milho às 7h e às 16h, sonho às 15h. 🥐 A entrega é R$ {{tenant.frete|8}}.'
		),
		{
			id: 'more',
			type: 'buttons',
			text: 'Posso ajudar em mais alguma coisa?',
			options: [
				{ id: 'yes', label: 'Sim' },
				{ id: 'no', label: 'Não, obrigado' }
			],
			timeout: 1_800
		},
		text('bye', 'Até logo! Quando precisar, é só escrever *menu*. 👋'),
		{ id: 'doors', type: 'hours' },
		{
			id: 'open',
			type: 'handover',
			text: 'Já chamo alguém. Um instante, por favor!',
			note: 'Pediu para falar com alguém pelo menu.'
		},
		{
			id: 'closed',
			type: 'handover',
			text: 'Agora estamos fechados. Deixe sua mensagem: respondemos assim que abrirmos.',
			note: 'Escreveu fora do horário, pelo menu.'
		},
		text('orders', 'Escreva *orçamento* que eu faço as três perguntas. 🎂'),
		{ id: 'end', type: 'end' }
	],
	`start > menu; menu:hours > address; menu:today > bread; menu:order > orders; menu:person > doors; menu:timeout > bye
	address > more; bread > more; more:yes > menu; more:no > bye; more:timeout > bye; bye > end; orders > end
	doors:open > open; doors:closed > closed`
);

/** Three questions that make a lead, hot where much is ordered. */
const lead = draw(
	[
		text('hello', 'Que bom! Vou fazer três perguntas rápidas para o seu orçamento. 🎂'),
		{ id: 'name', type: 'question', text: 'Qual é o seu nome?', answer: { kind: 'name' }, save_as: 'nome' },
		{
			id: 'date',
			type: 'question',
			text: 'Para que dia é, {{nome}}?',
			answer: { kind: 'date', when: 'future' },
			save_as: 'dia',
			retries: { most: 2, text: 'Preciso de um dia a partir de hoje, assim: 24/12/2026' }
		},
		{
			id: 'people',
			type: 'question',
			text: 'Para quantas pessoas?',
			answer: { kind: 'number', min: 1, max: 2_000 },
			save_as: 'pessoas'
		},
		{ id: 'price', type: 'set', set: [{ variable: 'valor', to: { expression: 'round(pessoas * 12.5, 2)' } }] },
		{
			id: 'size',
			type: 'condition',
			cases: [
				{
					id: 'large',
					label: 'Festa grande',
					when: { type: 'variables', match: 'all', tests: [{ variable: 'pessoas', op: 'gt', value: 40 }] }
				}
			]
		},
		{ id: 'hot', type: 'lead', title: 'Bolo para {{pessoas}} pessoas, {{dia}}', temperature: 'hot', value: 'valor' },
		{ id: 'warm', type: 'lead', title: 'Bolo para {{pessoas}} pessoas, {{dia}}', temperature: 'warm', value: 'valor' },
		{
			id: 'person',
			type: 'handover',
			text: 'Anotado! Um bolo para {{pessoas}} pessoas fica em torno de R$ {{valor}}. Alguém da equipe confirma tudo com você por aqui.',
			note: 'Orçamento de {{nome}}: {{pessoas}} pessoas, dia {{dia}}, cerca de R$ {{valor}}.'
		}
	],
	`start > hello; hello > name; name > date; date > people; people > price; price > size
	size:large > hot; size:else > warm; hot > person; warm > person`,
	[
		{ name: 'nome', type: 'text' },
		{ name: 'dia', type: 'date' },
		{ name: 'pessoas', type: 'number' },
		{ name: 'valor', type: 'number' }
	]
);

/** By the word alone: whoever tries the inbox is not answered by a bot before they ask for one. */
export const DEMO_FLOWS: Record<string, DemoFlow[]> = {
	padaria: [
		{ name: 'Menu da padaria', flow: menu, triggers: [{ type: 'keyword', words: ['menu', 'início'], match: 'whole' }] },
		{
			name: 'Orçamento de bolo',
			flow: lead,
			triggers: [{ type: 'keyword', words: ['orçamento', 'quero um orçamento'], match: 'whole' }]
		}
	],
	oficina: [
		{
			name: 'Segunda via e desbloqueio',
			flow: read(secondInvoice('pt-BR')),
			triggers: [{ type: 'keyword', words: ['boleto', 'segunda via', '2a via'], match: 'whole' }]
		}
	]
};

/** The demo's flows, published. */
export async function insertFlows(
	sql: TransactionSql,
	tenantId: string,
	slug: string,
	authorId: string,
	random: Random
): Promise<void> {
	for (const { name, flow, triggers } of DEMO_FLOWS[slug] ?? []) {
		const [id, version] = [random.uuid(), random.uuid()];
		const drawn = JSON.stringify(flow);
		await sql`insert into public.flows (id, tenant_id, name, draft) values (${id}, ${tenantId}, ${name}, ${drawn}::text::jsonb)`;
		await sql`
			insert into public.flow_versions (id, tenant_id, flow_id, number, definition, hours_of, published_by)
			values (
				${version}, ${tenantId}, ${id}, 1, ${drawn}::text::jsonb,
				${flow.nodes.some(({ type }) => type === 'hours') ? [''] : []}, ${authorId}
			)`;
		await sql`update public.flows set published_version_id = ${version} where id = ${id}`;
		for (const [position, trigger] of triggers.entries()) {
			await sql`
				insert into public.flow_triggers (tenant_id, flow_id, type, settings, position, active)
				values (${tenantId}, ${id}, ${trigger.type}, ${JSON.stringify(trigger)}::text::jsonb, ${position}, true)`;
		}
	}
	if (slug === 'padaria')
		await sql`insert into public.flow_variables (tenant_id, name, value) values (${tenantId}, 'frete', '8')`;
}

function read(drawn: object): Flow {
	const { flow, faults } = parseFlow(drawn);
	if (!flow) throw new Error(`a demo flow can't be read: ${JSON.stringify(faults)}`);
	return flow;
}

/** A flow from its nodes and `from:branch > to` lines, laid out by how far each node is from the start. */
function draw(nodes: object[], lines: string, variables: object[] = []): Flow {
	const edges = lines.split(/[;\n]/).map((line) => {
		const [, from, branch = 'next', to] = /^\s*(\w+)(?::(\w+))? > (\w+)\s*$/.exec(line) ?? [];
		return { from, branch, to };
	});
	const flow = read({ format: 1, nodes: [{ id: 'start', type: 'start' }, ...nodes], edges, variables });

	const depth = new Map([['start', 0]]);
	for (const [id, level] of depth) {
		const node = flow.nodes.find((one) => one.id === id);
		for (const { id: branch } of node ? branchesOf(node) : []) {
			const to = flow.edges.find((edge) => edge.from === id && edge.branch === branch)?.to;
			if (to !== undefined && !depth.has(to)) depth.set(to, level + 1);
		}
	}
	const rows = new Map<number, number>();
	for (const node of flow.nodes) {
		const column = depth.get(node.id) ?? 0;
		const row = rows.get(column) ?? 0;
		rows.set(column, row + 1);
		node.position = { x: column * 320, y: row * 180 };
	}
	return flow;
}
