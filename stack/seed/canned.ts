import type { TransactionSql } from 'postgres';
import { samplePdf } from '../../simulators/whatsapp/src/media/sample_pdf.ts';
import type { PutFile } from './files.ts';
import type { Random } from './random.ts';

interface Canned {
	shortcut: string;
	title: string;
	category: string;
	/** Of several, the conversations take turns. */
	texts: string[];
	/** A document that goes with it. */
	file?: string;
}

const EVERYWHERE: Canned[] = [
	{
		shortcut: 'oi',
		title: 'Boas-vindas',
		category: 'Atendimento',
		texts: [
			'{{greeting}}, {{contact.first_name|tudo bem}}! Aqui é {{agent.first_name}}, da {{workspace.name}}. Como posso ajudar?',
			'Oi, {{contact.first_name|tudo bem}}! 😊 Sou {{agent.first_name}}. Me conta o que você precisa que eu já resolvo.'
		]
	},
	{
		shortcut: 'aguarde',
		title: 'Só um instante',
		category: 'Atendimento',
		texts: ['Só um instante, {{contact.first_name|por favor}}: vou verificar e já volto com a resposta.']
	},
	{
		shortcut: 'retorno',
		title: 'Volto a falar com você',
		category: 'Atendimento',
		texts: ['{{contact.first_name|Olá}}, vou confirmar com a equipe e retorno ainda hoje por aqui, combinado?']
	},
	{
		shortcut: 'encerrar',
		title: 'Encerramento',
		category: 'Atendimento',
		texts: ['Foi um prazer falar com você, {{contact.first_name|obrigado}}! Qualquer coisa, é só chamar. 👋']
	},
	{
		shortcut: 'pix',
		title: 'Chave Pix',
		category: 'Pagamento',
		texts: [
			'Nossa chave Pix é o CNPJ *12.345.678/0001-95*, em nome de {{workspace.name}}. Assim que pagar, mande o comprovante por aqui, por favor.'
		]
	},
	{
		shortcut: 'comprovante',
		title: 'Comprovante recebido',
		category: 'Pagamento',
		texts: ['Comprovante recebido, obrigada! O pagamento já está identificado no atendimento {{conversation.id}}.']
	},
	{
		shortcut: 'nota',
		title: 'Nota fiscal',
		category: 'Pagamento',
		texts: ['Para emitir a nota, preciso do CPF ou CNPJ e do e-mail. O e-mail é {{contact_attribute.email}}?']
	},
	{
		shortcut: 'desculpe',
		title: 'Pedido de desculpas',
		category: 'Reclamação',
		texts: [
			'{{contact.first_name|Olá}}, sinto muito pelo que aconteceu. Vou resolver agora e acompanhar pessoalmente até o fim.'
		]
	},
	{
		shortcut: 'avaliacao',
		title: 'Pedir avaliação',
		category: 'Depois da venda',
		texts: [
			'Ficou tudo certo, {{contact.first_name|por aí}}? Sua opinião ajuda muito a {{workspace.name}}: de 0 a 10, que nota você dá?'
		]
	}
];

const OWN: Record<string, Canned[]> = {
	padaria: [
		{
			shortcut: 'horario',
			title: 'Horário da padaria',
			category: 'Loja',
			texts: ['Abrimos todos os dias das 6h às 20h; aos domingos, até as 13h. 🥖']
		},
		{
			shortcut: 'cardapio',
			title: 'Cardápio do dia',
			category: 'Pedidos',
			texts: ['Hoje temos pão francês, pão de queijo, sonho e bolo de cenoura saindo do forno. O que vai querer?'],
			file: 'Cardápio da semana.pdf'
		},
		{
			shortcut: 'entrega',
			title: 'Prazo de entrega',
			category: 'Pedidos',
			texts: ['Entregamos em até 40 minutos no bairro. Me passa o endereço com número e ponto de referência?']
		},
		{
			shortcut: 'encomenda',
			title: 'Encomenda de bolo',
			category: 'Pedidos',
			texts: [
				'Para o bolo, preciso saber: sabor, tamanho (P, M ou G), data e horário. Pedidos com 48 h de antecedência, tá?'
			]
		}
	],
	oficina: [
		{
			shortcut: 'horario',
			title: 'Horário da oficina',
			category: 'Loja',
			texts: ['Atendemos de segunda a sexta das 8h às 18h e aos sábados até as 12h. 🔧']
		},
		{
			shortcut: 'orcamento',
			title: 'Pedir dados para orçamento',
			category: 'Serviços',
			texts: ['Para o orçamento, me diga modelo, ano e placa do carro e o que ele está fazendo, por favor.']
		},
		{
			shortcut: 'pronto',
			title: 'Carro pronto',
			category: 'Serviços',
			texts: ['{{greeting}}, {{contact.first_name|tudo bem}}! Seu carro está pronto e pode ser retirado até as 18h.']
		}
	]
};

/** What the company often says, and what has come of two ways to greet. */
export async function insertCanned(
	sql: TransactionSql,
	{
		tenantId,
		slug,
		authorId,
		random,
		put
	}: { tenantId: string; slug: string; authorId: string; random: Random; put: PutFile }
): Promise<void> {
	for (const { shortcut, title, category, texts, file } of [...EVERYWHERE, ...(OWN[slug] ?? [])]) {
		const id = random.uuid();
		await sql`
			insert into public.canned_responses ${sql({ id, tenant_id: tenantId, shortcut, title, category, scope: 'shared', created_by: authorId })}`;
		await sql`
			insert into public.canned_response_versions ${sql({ tenant_id: tenantId, response_id: id, version: 1, created_by: authorId })}`;
		const variants = texts.map((text, position) => ({
			id: random.uuid(),
			tenant_id: tenantId,
			response_id: id,
			version: 1,
			position,
			weight: 1,
			text
		}));
		await sql`insert into public.canned_response_variants ${sql(variants)}`;
		if (file) {
			const bytes = samplePdf(title);
			const path = `${tenantId}/demo/${shortcut}.pdf`;
			await put(path, bytes, 'application/pdf');
			const row = { tenant_id: tenantId, response_id: id, version: 1, position: 0, path, filename: file };
			await sql`
				insert into public.canned_response_files ${sql({ ...row, kind: 'document', mime_type: 'application/pdf', size: bytes.length })}`;
		}
		await sql`update public.canned_responses set published_version = 1 where id = ${id}`;
		if (variants.length > 1)
			await insertUses(
				sql,
				tenantId,
				variants.map((variant) => variant.id)
			);
	}
}

/**
 * Of two ways to greet, one is answered more often: each conversation got one of them, and of every hundred that were
 * greeted the first way so many are among those where the customer wrote again within a day. What was sent before
 * yesterday alone is taken, so that it is known what came of it.
 */
async function insertUses(sql: TransactionSql, tenantId: string, variantIds: string[]): Promise<void> {
	await sql`
		with said as (
			select
				m.*,
				get_byte(uuid_send(m.conversation_id), 15) % ${variantIds.length}::integer as text,
				exists (
					select
					from public.messages i
					where i.tenant_id = m.tenant_id
						and i.conversation_id = m.conversation_id
						and i.seq > m.seq
						and i.direction = 'in'
						and i.kind <> 'reaction'
						and i.created_at <= m.created_at + interval '24 hours'
				) as answered
			from public.messages m
			where m.tenant_id = ${tenantId}
				and m.direction = 'out'
				and m.author_id is not null
				and m.kind = 'text'
				and m.created_at < now() - interval '26 hours'
		), one as (
			-- The wished outcome first: seven of ten for the first text, four of ten for the second.
			select distinct on (s.conversation_id) s.*
			from said s
			order by
				s.conversation_id,
				(s.answered = (get_byte(uuid_send(s.conversation_id), 14) % 10 < case s.text when 0 then 8 else 4 end)) desc,
				s.seq
		)
		insert into public.canned_response_uses (
			tenant_id, variant_id, message_id, message_created_at, conversation_id, user_id, used_at
		)
		select o.tenant_id, (${variantIds}::uuid[])[1 + o.text], o.id, o.created_at, o.conversation_id, o.author_id, o.created_at
		from one o`;
}
