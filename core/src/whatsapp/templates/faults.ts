import type { Locale, Sentences } from '../../locale.ts';

/** What is wrong with the values for a template (`detail` of template_parameters_invalid). */
export const SEND_FAULTS = {
	components_invalid: {
		'pt-BR': 'Os campos do modelo não puderam ser lidos. Escolha o modelo de novo.',
		en: 'The values of the template could not be read. Choose the template again.'
	},
	header_count: {
		'pt-BR': 'Preencha a variável do título do modelo.',
		en: 'Fill in the variable of the template’s header.'
	},
	header_name: {
		'pt-BR': 'O título do modelo tem uma variável com outro nome. Escolha o modelo de novo.',
		en: 'The header of the template has a variable of another name. Choose the template again.'
	},
	header_missing: {
		'pt-BR': 'Este modelo começa com um arquivo ou local. Adicione-o antes de enviar.',
		en: 'This template begins with a file or a place. Add it before sending.'
	},
	header_type: {
		'pt-BR': 'O arquivo do cabeçalho não é do tipo que o modelo pede.',
		en: 'The header’s file is not of the type the template asks for.'
	},
	header_unexpected: {
		'pt-BR': 'Este modelo não tem cabeçalho. Retire o que foi colocado nele.',
		en: 'This template has no header. Remove what was put into it.'
	},
	header_too_long: {
		'pt-BR': 'O título preenchido passa de 60 caracteres. Encurte o valor.',
		en: 'The header filled in is longer than 60 characters. Shorten the value.'
	},
	body_count: {
		'pt-BR': 'Preencha todas as variáveis do texto do modelo.',
		en: 'Fill in every variable of the template’s text.'
	},
	body_name: {
		'pt-BR': 'O texto do modelo tem variáveis com outros nomes. Escolha o modelo de novo.',
		en: 'The text of the template has variables of other names. Choose the template again.'
	},
	body_too_long: {
		'pt-BR': 'O texto preenchido passa de 1.024 caracteres. Encurte os valores.',
		en: 'The text filled in is longer than 1,024 characters. Shorten the values.'
	},
	value_type: {
		'pt-BR': 'Um dos valores não é texto, moeda nem data.',
		en: 'One of the values is neither text, currency nor date.'
	},
	value_empty: {
		'pt-BR': 'Uma variável ficou vazia. Preencha-a.',
		en: 'A variable is empty. Fill it in.'
	},
	value_format: {
		'pt-BR': 'Valores de variáveis ficam em uma linha só, sem tabulações nem muitos espaços seguidos.',
		en: 'Values of variables stay on one line, without tabs or long runs of spaces.'
	},
	button_missing: {
		'pt-BR': 'Um botão do modelo espera um valor. Preencha-o.',
		en: 'A button of the template waits for a value. Fill it in.'
	},
	button_unexpected: {
		'pt-BR': 'Um valor foi dado a um botão que não o espera. Escolha o modelo de novo.',
		en: 'A value was given to a button that takes none. Choose the template again.'
	},
	button_type: {
		'pt-BR': 'O valor de um botão não é do tipo que o modelo pede.',
		en: 'The value of a button is not of the type the template asks for.'
	},
	button_url_invalid: {
		'pt-BR': 'O final do endereço de um botão não pode ter espaços nem passar de 2.000 caracteres.',
		en: 'The end of a button’s address can have no spaces, nor more than 2,000 characters.'
	},
	button_code_too_long: {
		'pt-BR': 'O cupom passa de 15 caracteres. Use um mais curto.',
		en: 'The coupon code is longer than 15 characters. Use a shorter one.'
	},
	button_payload_too_long: {
		'pt-BR': 'O código interno de um botão passa de 256 caracteres.',
		en: 'The internal code of a button is longer than 256 characters.'
	},
	cards_count: {
		'pt-BR': 'O carrossel precisa de todos os cartões do modelo.',
		en: 'The carousel needs all the cards of the template.'
	},
	offer_missing: {
		'pt-BR': 'Diga até quando vale a oferta.',
		en: 'Say until when the offer holds.'
	}
} satisfies Record<string, Sentences>;

export type SendFault = keyof typeof SEND_FAULTS;

/** Why a template can't be sent now (`detail` of template_not_sendable). */
const STOPPED: Record<string, Sentences> = {
	draft: {
		'pt-BR': 'Este modelo ainda é um rascunho. Envie-o para análise nas configurações.',
		en: 'This template is still a draft. Submit it for review in the settings.'
	},
	pending: {
		'pt-BR': 'O WhatsApp ainda está analisando este modelo. Escolha outro por enquanto.',
		en: 'WhatsApp is still reviewing this template. Choose another one for now.'
	},
	in_appeal: {
		'pt-BR': 'A recusa deste modelo está em recurso. Escolha outro por enquanto.',
		en: 'The rejection of this template is being appealed. Choose another one for now.'
	},
	rejected: {
		'pt-BR': 'O WhatsApp recusou este modelo. Corrija-o nas configurações ou escolha outro.',
		en: 'WhatsApp rejected this template. Mend it in the settings or choose another one.'
	},
	paused: {
		'pt-BR': 'O WhatsApp pausou este modelo por baixa qualidade. Escolha outro até ele voltar.',
		en: 'WhatsApp paused this template because of low quality. Choose another one until it is back.'
	},
	disabled: {
		'pt-BR': 'O WhatsApp desativou este modelo por baixa qualidade. Crie um novo.',
		en: 'WhatsApp disabled this template because of low quality. Create a new one.'
	},
	deleted: {
		'pt-BR': 'Este modelo foi excluído. Escolha outro.',
		en: 'This template was deleted. Choose another one.'
	},
	pending_deletion: {
		'pt-BR': 'Este modelo está sendo excluído. Escolha outro.',
		en: 'This template is being deleted. Choose another one.'
	},
	archived: {
		'pt-BR': 'Este modelo foi arquivado no WhatsApp. Escolha outro.',
		en: 'This template was archived at WhatsApp. Choose another one.'
	},
	refused: {
		'pt-BR': 'O WhatsApp recusou o último envio deste modelo. Sincronize os modelos e confira o que mudou.',
		en: 'WhatsApp refused the last message of this template. Sync the templates and see what changed.'
	},
	unread: {
		'pt-BR': 'O texto deste modelo ainda não foi lido do WhatsApp. Sincronize os modelos.',
		en: 'The text of this template has not been read from WhatsApp yet. Sync the templates.'
	},
	opted_out: {
		'pt-BR': 'Esta pessoa não quer mais receber marketing da empresa. Use um modelo de utilidade, se for o caso.',
		en: 'This person no longer wants marketing from the company. Use a utility template where it fits.'
	}
};

const UNKNOWN_STATE: Sentences = {
	'pt-BR': 'O WhatsApp não enviaria este modelo agora. Escolha outro.',
	en: 'WhatsApp would not send this template now. Choose another one.'
};

/** One sentence for a fault of a template message; null for a code this version does not know. */
export function sendFaultSentence(fault: string, locale: Locale): string | null {
	return Object.hasOwn(SEND_FAULTS, fault) ? SEND_FAULTS[fault as SendFault][locale] : null;
}

/** One sentence for why a template can't be sent now. */
export function stoppedSentence(reason: string, locale: Locale): string {
	return (STOPPED[reason] ?? UNKNOWN_STATE)[locale];
}
