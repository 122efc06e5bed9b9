import type { Sentences } from '../locale.ts';

/** What may be wrong with a flow, and what to do about it. An error keeps it from being published. */
export const PROBLEMS = {
	unreachable: { level: 'warning', 'pt-BR': 'Nenhum caminho chega a este bloco.', en: 'No way leads to this block.' },
	branch_missing: {
		level: 'error',
		'pt-BR': 'A saída “{detail}” não leva a lugar nenhum.',
		en: 'The way “{detail}” leads nowhere.'
	},
	branch_unknown: {
		level: 'error',
		'pt-BR': 'Há uma ligação de uma saída que não existe mais.',
		en: 'A line leads from a way that is gone.'
	},
	endless: {
		level: 'error',
		'pt-BR': 'Este caminho volta ao mesmo lugar sem esperar ninguém: não terminaria nunca.',
		en: 'This way comes back to itself without waiting for anybody: it would never end.'
	},
	into_start: {
		level: 'error',
		'pt-BR': 'Nada pode levar de volta ao início.',
		en: 'Nothing may lead back to the start.'
	},
	variable_unknown: {
		level: 'error',
		'pt-BR': 'A variável “{detail}” não existe.',
		en: 'There is no variable “{detail}”.'
	},
	variable_name: { level: 'error', 'pt-BR': '“{detail}” não serve de variável.', en: '“{detail}” can be no variable.' },
	expression_invalid: {
		level: 'error',
		'pt-BR': 'A expressão não está certa: {detail}',
		en: 'The expression is not right: {detail}'
	},
	text_empty: { level: 'error', 'pt-BR': 'Escreva o texto.', en: 'Write the text.' },
	text_too_long: {
		level: 'error',
		'pt-BR': 'O texto passa de {detail} caracteres.',
		en: 'The text has more than {detail} characters.'
	},
	footer_too_long: {
		level: 'error',
		'pt-BR': 'O rodapé passa de 60 caracteres.',
		en: 'The footer has more than 60 characters.'
	},
	options_missing: { level: 'error', 'pt-BR': 'Ponha ao menos uma opção.', en: 'Add an option.' },
	option_empty: { level: 'error', 'pt-BR': 'Uma opção está sem nome.', en: 'An option has no name.' },
	option_too_long: {
		level: 'error',
		'pt-BR': '“{detail}” é longo demais: o WhatsApp mostra {limit} caracteres.',
		en: '“{detail}” is too long: WhatsApp shows {limit} characters.'
	},
	option_repeated: {
		level: 'error',
		'pt-BR': 'Duas opções se chamam “{detail}”.',
		en: 'Two options are called “{detail}”.'
	},
	buttons_too_many: {
		level: 'error',
		'pt-BR': 'O WhatsApp mostra até 3 botões. Use uma lista.',
		en: 'WhatsApp shows 3 buttons at most. Use a list.'
	},
	rows_too_many: {
		level: 'error',
		'pt-BR': 'O WhatsApp mostra até 10 opções numa lista.',
		en: 'WhatsApp shows 10 rows in a list at most.'
	},
	section_untitled: {
		level: 'error',
		'pt-BR': 'Com várias seções, cada uma precisa de um título.',
		en: 'Where there are several sections, each needs a title.'
	},
	media_missing: { level: 'error', 'pt-BR': 'Escolha um arquivo ou um endereço.', en: 'Choose a file or an address.' },
	address_invalid: {
		level: 'error',
		'pt-BR': 'O endereço precisa começar com https:// e o nome do servidor, sem variável.',
		en: 'The address must begin with https:// and the name of the server, without a variable.'
	},
	path_invalid: {
		level: 'error',
		'pt-BR': 'Com uma conexão, escreva só o caminho, começando com /.',
		en: 'With a connection, write the path alone, beginning with /.'
	},
	connection_unknown: { level: 'error', 'pt-BR': 'A conexão não existe mais.', en: 'The connection is gone.' },
	connection_off: {
		level: 'error',
		'pt-BR': 'A conexão está desligada em Configurações › Integrações.',
		en: 'The connection is switched off under Settings › Integrations.'
	},
	ai_agent_unknown: { level: 'error', 'pt-BR': 'O agente de IA não existe mais.', en: 'The AI agent is gone.' },
	ai_agent_off: {
		level: 'warning',
		'pt-BR': 'O agente de IA está desligado: a conversa vai para uma pessoa.',
		en: 'The AI agent is switched off: a person gets the conversation.'
	},
	header_secret: {
		level: 'error',
		'pt-BR': 'O cabeçalho “{detail}” guarda um segredo à vista de todos: crie uma conexão HTTP e escolha-a aqui.',
		en: 'The header “{detail}” holds a secret that anybody can read: make an HTTP connection and choose it here.'
	},
	module_off: {
		level: 'error',
		'pt-BR': 'A integração {detail} está desligada. Ligue-a em Configurações › Integrações.',
		en: 'The integration {detail} is off. Switch it on under Settings › Integrations.'
	},
	document_missing: { level: 'error', 'pt-BR': 'Diga de qual CPF ou CNPJ.', en: 'Say of which CPF or CNPJ.' },
	contract_missing: { level: 'error', 'pt-BR': 'Diga de qual contrato.', en: 'Say of which contract.' },
	body_not_json: { level: 'warning', 'pt-BR': 'O corpo não é um JSON.', en: 'The body is no JSON.' },
	pattern_invalid: { level: 'error', 'pt-BR': 'O padrão não está certo.', en: 'The pattern is not right.' },
	weights_zero: {
		level: 'error',
		'pt-BR': 'Uma das variantes precisa de um peso.',
		en: 'One of the variants needs a weight.'
	},
	flow_unknown: {
		level: 'error',
		'pt-BR': 'O fluxo chamado não existe ou não foi publicado.',
		en: 'The flow it calls is gone or not published.'
	},
	team_unknown: { level: 'error', 'pt-BR': 'Esta equipe não existe mais.', en: 'This team is gone.' },
	tag_unknown: { level: 'error', 'pt-BR': 'Uma das etiquetas não existe mais.', en: 'One of the tags is gone.' },
	template_unknown: {
		level: 'error',
		'pt-BR': 'Este modelo não existe ou não foi aprovado.',
		en: 'This template is gone or not approved.'
	}
} as const satisfies Record<string, Sentences & { level: 'error' | 'warning' }>;
export type ProblemCode = keyof typeof PROBLEMS;

export interface Problem {
	code: ProblemCode;
	level: 'error' | 'warning';
	/** The node it stands in; null: the flow. */
	node: string | null;
	detail: string;
	limit?: number;
}

export const problem = (code: ProblemCode, node: string | null, detail = '', limit?: number): Problem => ({
	code,
	level: PROBLEMS[code].level,
	node,
	detail,
	...(limit === undefined ? {} : { limit })
});
