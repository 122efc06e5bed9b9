import type { TemplateComponent } from '@prosa/core/whatsapp/templates/component.ts';
import type { Template } from './templates.ts';

type Draft = Pick<Template, 'name' | 'category' | 'components'> & Partial<Template>;

const body = (text: string, ...examples: string[]): TemplateComponent => ({
	type: 'BODY',
	text,
	...(examples.length > 0 ? { example: { body_text: [examples] } } : {})
});
const footer = (text: string): TemplateComponent => ({ type: 'FOOTER', text });
const image = (): TemplateComponent => ({
	type: 'HEADER',
	format: 'IMAGE',
	example: { header_handle: ['https://scontent.whatsapp.test/sample.jpg'] }
});
const replies = (...texts: string[]): TemplateComponent => ({
	type: 'BUTTONS',
	buttons: texts.map((text) => ({ type: 'QUICK_REPLY', text }))
});
const link = (text: string, url: string, example?: string): TemplateComponent => ({
	type: 'BUTTONS',
	buttons: [{ type: 'URL', text, url, ...(example ? { example: [example] } : {}) }]
});
const card = (text: string, button: string, url: string) => ({
	components: [
		{
			type: 'HEADER' as const,
			format: 'IMAGE' as const,
			example: { header_handle: ['https://scontent.whatsapp.test/card.jpg'] }
		},
		{ type: 'BODY' as const, text },
		{ type: 'BUTTONS' as const, buttons: [{ type: 'URL', text: button, url }] }
	]
});
const code: Draft = {
	name: 'codigo_de_acesso',
	category: 'AUTHENTICATION',
	components: [
		{
			type: 'BODY',
			text: '*{{1}}* é seu código de verificação. Para sua segurança, não o compartilhe.',
			add_security_recommendation: true
		},
		{ type: 'FOOTER', text: 'Este código expira em 10 minutos.', code_expiration_minutes: 10 },
		{
			type: 'BUTTONS',
			buttons: [
				{
					type: 'URL',
					text: 'Copiar código',
					url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}'
				}
			]
		}
	]
};

const padaria: Draft[] = [
	{
		name: 'pedido_confirmado',
		category: 'UTILITY',
		quality: 'GREEN',
		components: [
			{ type: 'HEADER', format: 'TEXT', text: 'Pedido {{1}} confirmado', example: { header_text: ['1042'] } },
			body(
				'Oi, {{1}}! Recebemos seu pedido e ele sai do forno às {{2}}. Qualquer dúvida, é só responder aqui.',
				'Marina',
				'16h30'
			),
			footer('Padaria Pão Quente'),
			replies('Mudar horário', 'Falar com alguém')
		]
	},
	{
		name: 'pedido_saiu_para_entrega',
		category: 'UTILITY',
		quality: 'GREEN',
		components: [
			body(
				'Oi, {{1}}! Boas notícias: seu pedido {{2}} saiu para entrega e chega em cerca de {{3}} minutos.',
				'Marina',
				'1042',
				'25'
			),
			link('Acompanhar', 'https://paoquente.test/entrega/{{1}}', 'https://paoquente.test/entrega/1042')
		]
	},
	{
		name: 'lembrete_de_retirada',
		category: 'UTILITY',
		parameter_format: 'NAMED',
		quality: 'GREEN',
		components: [
			{
				type: 'BODY',
				text: 'Olá, {{nome}}! Sua encomenda está pronta e guardada até {{horario}} na loja da Rua das Flores, 120.',
				example: {
					body_text_named_params: [
						{ param_name: 'nome', example: 'Marina' },
						{ param_name: 'horario', example: '19h' }
					]
				}
			},
			replies('Já estou indo', 'Guardar até amanhã')
		]
	},
	{
		name: 'fornada_da_semana',
		category: 'MARKETING',
		quality: 'GREEN',
		components: [
			image(),
			body(
				'Bom dia, {{1}}! Nesta semana tem {{2}} saindo quentinho às 7h e às 16h. Guardamos um para você?',
				'Marina',
				'pão de fermentação natural'
			),
			footer('Responda SAIR para não receber ofertas'),
			replies('Quero um', 'Hoje não')
		]
	},
	{
		name: 'cupom_de_volta',
		category: 'MARKETING',
		quality: 'YELLOW',
		components: [
			body(
				'Faz tempo que você não aparece por aqui, {{1}}. Preparamos um cupom de {{2}} para o seu próximo café da manhã.',
				'Marina',
				'10%'
			),
			footer('Válido até o fim do mês'),
			{ type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copiar código da oferta', example: ['VOLTA10'] }] }
		]
	},
	{
		name: 'bolos_de_aniversario',
		category: 'MARKETING',
		quality: 'UNKNOWN',
		components: [
			body(
				'Oi, {{1}}! Separamos os bolos que mais saem para festas de até 20 pessoas. Escolha o seu com três dias de antecedência.',
				'Marina'
			),
			{
				type: 'CAROUSEL',
				cards: [
					card('Cenoura com brigadeiro, 1,5 kg', 'Ver detalhes', 'https://paoquente.test/bolos/cenoura'),
					card('Floresta negra, 2 kg', 'Ver detalhes', 'https://paoquente.test/bolos/floresta'),
					card('Ninho com morango, 2 kg', 'Ver detalhes', 'https://paoquente.test/bolos/ninho')
				]
			}
		]
	},
	code,
	{
		name: 'pesquisa_de_satisfacao',
		category: 'MARKETING',
		previous_category: 'UTILITY',
		status: 'PAUSED',
		quality: 'RED',
		pauses: 1,
		components: [
			body('Oi, {{1}}! De 0 a 10, quanto você indicaria a padaria a um amigo? Sua resposta ajuda muito.', 'Marina'),
			replies('0 a 6', '7 ou 8', '9 ou 10')
		]
	},
	{
		name: 'promocao_relampago',
		category: 'MARKETING',
		status: 'REJECTED',
		rejected_reason: 'INVALID_FORMAT',
		components: [
			body('Corra, {{1}}! Só hoje tudo pela metade do preço, {{2}} em diante, enquanto durar.', 'Marina', '15h')
		]
	}
];

const oficina: Draft[] = [
	{
		name: 'revisao_agendada',
		category: 'UTILITY',
		quality: 'GREEN',
		components: [
			body(
				'Olá, {{1}}! A revisão do seu {{2}} está marcada para {{3}}. Chegue com dez minutos de antecedência, por favor.',
				'Paulo',
				'Onix',
				'12 de dezembro às 9h'
			),
			footer('Oficina do Bruno'),
			replies('Confirmar', 'Remarcar')
		]
	},
	{
		name: 'orcamento_pronto',
		category: 'UTILITY',
		quality: 'GREEN',
		components: [
			{
				type: 'HEADER',
				format: 'DOCUMENT',
				example: { header_handle: ['https://scontent.whatsapp.test/orcamento.pdf'] }
			},
			body(
				'Oi, {{1}}! O orçamento do seu {{2}} ficou em {{3}}. Podemos começar assim que você aprovar.',
				'Paulo',
				'Onix',
				'R$ 840,00'
			),
			replies('Aprovar', 'Tenho dúvidas')
		]
	},
	{
		name: 'carro_pronto',
		category: 'UTILITY',
		parameter_format: 'NAMED',
		quality: 'GREEN',
		components: [
			{
				type: 'BODY',
				text: 'Boa notícia, {{nome}}: seu {{carro}} está pronto e pode ser retirado até as 18h de hoje.',
				example: {
					body_text_named_params: [
						{ param_name: 'nome', example: 'Paulo' },
						{ param_name: 'carro', example: 'Onix' }
					]
				}
			},
			{
				type: 'BUTTONS',
				buttons: [
					{ type: 'QUICK_REPLY', text: 'Vou buscar hoje' },
					{ type: 'PHONE_NUMBER', text: 'Ligar', phone_number: '+551130030002' }
				]
			}
		]
	},
	{
		name: 'onde_estamos',
		category: 'UTILITY',
		quality: 'UNKNOWN',
		components: [
			{ type: 'HEADER', format: 'LOCATION' },
			body('Este é o endereço da oficina. Há vaga para deixar o carro na frente.')
		]
	},
	{
		name: 'troca_de_oleo',
		category: 'MARKETING',
		quality: 'GREEN',
		components: [
			image(),
			body(
				'Oi, {{1}}! Já são seis meses desde a última troca de óleo. Com este lembrete, o filtro sai de graça.',
				'Paulo'
			),
			link('Agendar', 'https://oficinadobruno.test/agenda?c={{1}}', 'https://oficinadobruno.test/agenda?c=42')
		]
	},
	{
		name: 'pneus_em_oferta',
		category: 'MARKETING',
		quality: 'YELLOW',
		components: [
			body('Separamos para você, {{1}}, os pneus que servem no seu carro, com montagem inclusa.', 'Paulo'),
			{
				type: 'CAROUSEL',
				cards: [
					card('Aro 14, garantia de 5 anos', 'Ver preço', 'https://oficinadobruno.test/pneus/14'),
					card('Aro 15, garantia de 5 anos', 'Ver preço', 'https://oficinadobruno.test/pneus/15')
				]
			}
		]
	},
	code,
	{
		name: 'avaliacao_do_servico',
		category: 'UTILITY',
		correct_category: 'MARKETING',
		quality: 'GREEN',
		components: [
			body('Oi, {{1}}! Como foi o atendimento de hoje? Sua opinião chega direto ao Bruno.', 'Paulo'),
			replies('Ótimo', 'Pode melhorar')
		]
	}
];

/** What each demo account has had approved (and refused) already. */
export function demoTemplates(): Template[] {
	const of = (wabaId: string, base: number, drafts: Draft[]): Template[] =>
		drafts.map((draft, index) => ({
			id: String(base + index),
			waba_id: wabaId,
			language: 'pt_BR',
			previous_category: null,
			correct_category: null,
			status: 'APPROVED',
			rejected_reason: 'NONE',
			quality: 'UNKNOWN',
			parameter_format: 'POSITIONAL',
			pauses: 0,
			created_at: 0,
			...draft
		}));
	return [
		...of('102290129340398', 1_689_556_908_100_100, padaria),
		...of('102290129340399', 1_689_556_908_200_100, oficina)
	];
}

/** A template as Graph lists it. */
export function listed(template: Template): Record<string, unknown> {
	const {
		id,
		name,
		language,
		status,
		category,
		previous_category,
		correct_category,
		rejected_reason,
		parameter_format,
		components,
		quality
	} = template;
	return {
		name,
		parameter_format,
		components,
		language,
		status,
		category,
		...(previous_category ? { previous_category } : {}),
		...(correct_category ? { correct_category } : {}),
		rejected_reason,
		quality_score: { score: quality, date: 1_760_000_000 },
		id
	};
}
