import { Expected } from '@prosa/core/ai/evaluation/evaluation.ts';
import { AgentConfig, type AgentConfigInput } from '@prosa/core/ai/agent.ts';
import { cut } from '@prosa/core/ai/knowledge/cut.ts';
import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Random } from './random.ts';

/** Whom the workshop's assistant answers: customers of a queue of its own, which the word `assistente` leads to. */
export const AI_TEAM = 'Assistente virtual';

const agent: AgentConfigInput = {
	name: 'Bia',
	model: 'prosa-simulator',
	persona:
		'Você é a Bia, assistente virtual da Oficina do Bruno. Conhece os serviços, os preços e os prazos da oficina. É direta e nunca promete o que os documentos não dizem.',
	tone: 'friendly',
	rules: [
		'Diga o preço como está na tabela, com "a partir de".',
		'Quem fala em acidente ou em carro parado na rua fala com uma pessoa.'
	],
	languages: ['pt-BR', 'en'],
	examples: [
		{
			customer: 'quanto sai pra trocar o óleo?',
			answer: 'A troca de óleo com filtro sai a partir de R$ 189,00 e leva cerca de 40 minutos.'
		}
	],
	topics: ['serviços e preços', 'horário e endereço', 'garantia', 'agendamento'],
	forbidden_topics: ['outras oficinas', 'diagnóstico à distância'],
	tools: [
		'hand_over',
		'knowledge_search',
		'contact_lookup',
		'sgp_customer',
		'sgp_invoices',
		'sgp_connection',
		'sgp_unblock',
		'remember'
	],
	gather_seconds: 2
};

const documents = [
	{
		title: 'Serviços e preços',
		format: 'markdown',
		body: `# Troca de óleo
A troca de óleo com filtro custa a partir de R$ 189,00 e leva 40 minutos, com óleo 5W30 semissintético incluído.

# Alinhamento
O alinhamento com balanceamento das quatro rodas custa a partir de R$ 149,90 e leva 1 hora.

# Freios
A troca de pastilhas de freio custa a partir de R$ 260,00 por eixo e leva 2 horas.

# Revisão
A revisão completa custa a partir de R$ 490,00, leva 1 dia e confere 42 itens, com relatório.

# Ar-condicionado
A recarga do ar-condicionado custa a partir de R$ 220,00 e leva 1 hora, com teste de vazamento.

# Bateria
A troca de bateria custa a partir de R$ 399,00 e leva 30 minutos. A bateria usada fica conosco.`
	},
	{
		title: 'Horário, endereço e garantia',
		format: 'markdown',
		body: `# Horário
A oficina abre de segunda a sexta, das 8h às 18h, e aos sábados das 8h às 12h. Domingos e feriados ela fica fechada.

# Endereço
Ficamos na Avenida dos Motores, 455, ao lado do posto. Há estacionamento na frente.

# Garantia
Todo serviço tem garantia de 90 dias. Peças novas têm a garantia do fabricante, em geral de 12 meses. Traga a nota do serviço.

# Pagamento
Aceitamos Pix, dinheiro e cartão em até 6 vezes sem juros.

# Carro reserva
Não emprestamos carro reserva, mas há um ponto de ônibus e de táxi em frente à oficina.`
	}
] as const;

/** What she is evaluated by. */
const cases: { name: string; asks: string; expected: z.input<typeof Expected> }[] = [
	{
		name: 'Preço da troca de óleo',
		asks: 'Quanto custa a troca de óleo?',
		expected: { contains: ['R$ 189,00'], cites: 'Serviços e preços', hand_over: false }
	},
	{ name: 'Horário de sábado', asks: 'Vocês abrem no sábado? Que horário?', expected: { contains: ['8h às 12h'] } },
	{
		name: 'Segunda via com CPF',
		asks: 'Preciso do boleto, meu CPF é 529.982.247-25',
		expected: { contains: ['99,90'], calls: 'sgp_invoices', hand_over: false }
	},
	{
		name: 'Quer uma pessoa',
		asks: 'Quero falar com um atendente',
		expected: { hand_over: true, calls: 'hand_over' }
	}
];

/** The word that calls the assistant: the bot greets, and Bia goes on. */
const flowTo = (agentId: string, teamId: string) => ({
	format: 1,
	nodes: [
		{ id: 'start', type: 'start', position: { x: 0, y: 0 } },
		{
			id: 'bia',
			type: 'handover',
			text: 'Oi! Eu sou a Bia, assistente virtual da oficina. 🔧 Pergunte sobre serviços, preços, horário ou garantia. Para falar com alguém, é só dizer.',
			team_id: teamId,
			ai_agent_id: agentId,
			position: { x: 340, y: 0 }
		}
	],
	edges: [{ from: 'start', branch: 'next', to: 'bia' }],
	variables: []
});

/** The workshop's AI agent, published, with what it knows. It answers through whichever model the installation has. */
export async function insertAi(
	sql: TransactionSql,
	{
		tenantId,
		slug,
		authorId,
		handOverTeam,
		random
	}: { tenantId: string; slug: string; authorId: string; handOverTeam: string; random: Random }
): Promise<void> {
	if (slug !== 'oficina') return;
	const [team, id, version] = [random.uuid(), random.uuid(), random.uuid()];
	await sql`insert into public.teams ${sql({ id: team, tenant_id: tenantId, name: AI_TEAM })}`;
	const definition = JSON.stringify(AgentConfig.parse(agent));
	await sql`
		insert into public.ai_agents (id, tenant_id, name, draft, team_ids, hand_over_team_id, gather_seconds)
		values (${id}, ${tenantId}, ${agent.name}, ${definition}::text::jsonb, ${[team]}, ${handOverTeam}, 2)`;
	await sql`
		insert into public.ai_agent_versions (id, tenant_id, agent_id, number, definition, note, published_by)
		values (${version}, ${tenantId}, ${id}, 1, ${definition}::text::jsonb, 'Primeira versão', ${authorId})`;
	await sql`update public.ai_agents set published_version_id = ${version} where id = ${id}`;

	for (const { title, format, body } of documents) {
		const document = random.uuid();
		const pieces = cut(body, format);
		await sql`
			insert into public.ai_documents (id, tenant_id, title, format, body, size, pieces, progress, indexed_at)
			values (
				${document}, ${tenantId}, ${title}, ${format}, ${body}, ${Buffer.byteLength(body)}, ${pieces.length}, 100, now()
			)`;
		await sql`insert into public.ai_pieces ${sql(
			pieces.map((piece, index) => ({ tenant_id: tenantId, document_id: document, position: index + 1, ...piece }))
		)}`;
	}

	for (const { name, asks, expected } of cases) {
		const said = JSON.stringify([{ author: 'customer', text: asks }]);
		await sql`
			insert into public.ai_evaluation_cases (id, tenant_id, agent_id, name, said, expected, created_by)
			values (
				${random.uuid()}, ${tenantId}, ${id}, ${name}, ${said}::text::jsonb,
				${JSON.stringify(Expected.parse(expected))}::text::jsonb, ${authorId}
			)`;
	}

	const [flow, drawn] = [random.uuid(), random.uuid()];
	const drawing = JSON.stringify(flowTo(id, team));
	const trigger = JSON.stringify({ type: 'keyword', words: ['assistente', 'bia'], match: 'whole' });
	await sql`insert into public.flows (id, tenant_id, name, draft) values (${flow}, ${tenantId}, 'Chamar a Bia (IA)', ${drawing}::text::jsonb)`;
	await sql`
		insert into public.flow_versions (id, tenant_id, flow_id, number, definition, hours_of, published_by)
		values (${drawn}, ${tenantId}, ${flow}, 1, ${drawing}::text::jsonb, ${[]}, ${authorId})`;
	await sql`update public.flows set published_version_id = ${drawn} where id = ${flow}`;
	await sql`
		insert into public.flow_triggers (tenant_id, flow_id, type, settings, position, active)
		values (${tenantId}, ${flow}, 'keyword', ${trigger}::text::jsonb, 5, true)`;
}
