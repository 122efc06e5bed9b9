import type { Locale, Sentences } from '../../locale.ts';

/** What Meta would refuse about a draft; the database knows some of them (`detail` of template_invalid). */
export const DRAFT_FAULTS = {
	name_invalid: {
		'pt-BR': 'Use só letras minúsculas, números e _ no nome, até 512 caracteres.',
		en: 'Use only small letters, digits and _ in the name, 512 characters at most.'
	},
	language_invalid: { 'pt-BR': 'Escolha o idioma do modelo.', en: 'Choose the template’s language.' },
	category_missing: { 'pt-BR': 'Escolha a categoria do modelo.', en: 'Choose the template’s category.' },
	components_invalid: {
		'pt-BR': 'O conteúdo do modelo não pôde ser lido. Recarregue a página e tente de novo.',
		en: 'The content of the template could not be read. Reload the page and try again.'
	},
	header_length: {
		'pt-BR': 'O título precisa de 1 a 60 caracteres.',
		en: 'The header needs 1 to 60 characters.'
	},
	header_plain: {
		'pt-BR': 'O título não aceita emojis, formatação nem quebras de linha.',
		en: 'The header takes no emoji, formatting or line breaks.'
	},
	header_variables: {
		'pt-BR': 'O título aceita uma variável só.',
		en: 'The header takes one variable only.'
	},
	header_sample: {
		'pt-BR': 'Envie um arquivo de exemplo: a análise do WhatsApp precisa vê-lo.',
		en: 'Upload a sample file: WhatsApp’s review needs to see one.'
	},
	body_length: {
		'pt-BR': 'O texto precisa de 1 a 1.024 caracteres.',
		en: 'The text needs 1 to 1,024 characters.'
	},
	card_body_length: {
		'pt-BR': 'O texto de um cartão vai até 160 caracteres.',
		en: 'The text of a card goes up to 160 characters.'
	},
	body_blank_lines: {
		'pt-BR': 'Deixe no máximo uma linha em branco seguida.',
		en: 'Leave at most one blank line in a row.'
	},
	variable_at_edge: {
		'pt-BR': 'O texto não pode começar nem terminar com uma variável. Escreva algo antes e depois dela.',
		en: 'The text cannot begin or end with a variable. Write something before and after it.'
	},
	variables_adjacent: {
		'pt-BR': 'Duas variáveis não podem ficar coladas. Escreva algo entre elas.',
		en: 'Two variables cannot stand side by side. Write something between them.'
	},
	variables_too_many: {
		'pt-BR': 'Há variáveis demais para um texto tão curto. Escreva mais texto fixo.',
		en: 'There are too many variables for so short a text. Write more fixed text.'
	},
	variable_order: {
		'pt-BR': 'Numere as variáveis em sequência: {{1}}, {{2}}, {{3}}.',
		en: 'Number the variables in sequence: {{1}}, {{2}}, {{3}}.'
	},
	variable_name: {
		'pt-BR': 'Nomes de variáveis usam letras minúsculas, números e _, como {{primeiro_nome}}.',
		en: 'Names of variables use small letters, digits and _, like {{first_name}}.'
	},
	variable_broken: {
		'pt-BR': 'Uma variável ficou com chaves faltando. Escreva {{assim}}.',
		en: 'A variable lacks some of its braces. Write it {{like_this}}.'
	},
	sample_missing: {
		'pt-BR': 'Dê um exemplo para cada variável: a análise do WhatsApp precisa dele.',
		en: 'Give an example for each variable: WhatsApp’s review needs it.'
	},
	footer_length: {
		'pt-BR': 'O rodapé precisa de 1 a 60 caracteres.',
		en: 'The footer needs 1 to 60 characters.'
	},
	footer_variable: { 'pt-BR': 'O rodapé não aceita variáveis.', en: 'The footer takes no variables.' },
	offer_length: {
		'pt-BR': 'O nome da oferta precisa de 1 a 16 caracteres.',
		en: 'The name of the offer needs 1 to 16 characters.'
	},
	buttons_count: {
		'pt-BR': 'Um modelo tem até 10 botões, e um cartão até 2.',
		en: 'A template has at most 10 buttons, and a card at most 2.'
	},
	buttons_kinds: {
		'pt-BR': 'São no máximo 2 links, 1 telefone e 1 cupom por modelo.',
		en: 'There are at most 2 links, 1 phone number and 1 coupon in a template.'
	},
	buttons_mixed: {
		'pt-BR': 'Deixe as respostas rápidas juntas, antes ou depois dos outros botões.',
		en: 'Keep the quick replies together, before or after the other buttons.'
	},
	button_text_length: {
		'pt-BR': 'O texto de um botão precisa de 1 a 25 caracteres.',
		en: 'The text of a button needs 1 to 25 characters.'
	},
	button_text_twice: {
		'pt-BR': 'Dois botões não podem ter o mesmo texto.',
		en: 'Two buttons cannot have the same text.'
	},
	button_text_plain: {
		'pt-BR': 'O texto de um botão não aceita variáveis, emojis nem quebras de linha.',
		en: 'The text of a button takes no variables, emoji or line breaks.'
	},
	button_url: {
		'pt-BR': 'Escreva o endereço completo, começando com https://.',
		en: 'Write the whole address, beginning with https://.'
	},
	button_url_variable: {
		'pt-BR': 'A variável de um link é {{1}} e fica no fim do endereço.',
		en: 'The variable of a link is {{1}} and stands at the end of the address.'
	},
	button_url_whatsapp: {
		'pt-BR': 'O WhatsApp não aceita links para ele mesmo. Use o endereço do seu site.',
		en: 'WhatsApp takes no links to itself. Use an address of your site.'
	},
	button_phone: {
		'pt-BR': 'Escreva o telefone com código do país, como +55 11 3003-0001.',
		en: 'Write the phone number with its country code, like +55 11 3003-0001.'
	},
	button_code: {
		'pt-BR': 'Dê um cupom de exemplo com até 15 caracteres.',
		en: 'Give an example coupon of at most 15 characters.'
	},
	otp_button: {
		'pt-BR': 'Um modelo de autenticação tem exatamente um botão, o de copiar o código.',
		en: 'An authentication template has exactly one button, which copies the code.'
	},
	expiration_range: {
		'pt-BR': 'A validade do código vai de 1 a 90 minutos.',
		en: 'The code is valid for 1 to 90 minutes.'
	},
	carousel_count: {
		'pt-BR': 'Um carrossel tem de 2 a 10 cartões.',
		en: 'A carousel has 2 to 10 cards.'
	},
	carousel_category: {
		'pt-BR': 'Um carrossel é sempre da categoria marketing.',
		en: 'A carousel is always of the marketing category.'
	},
	carousel_alone: {
		'pt-BR': 'Um carrossel tem só o texto e os cartões, sem cabeçalho, rodapé ou botões.',
		en: 'A carousel has its text and cards alone, without header, footer or buttons.'
	},
	offer_category: {
		'pt-BR': 'Uma oferta por tempo limitado é sempre da categoria marketing.',
		en: 'A limited-time offer is always of the marketing category.'
	},
	offer_header: {
		'pt-BR': 'Uma oferta começa com imagem, com vídeo ou sem cabeçalho.',
		en: 'An offer begins with an image, a video or no header.'
	},
	offer_body_length: {
		'pt-BR': 'O texto de uma oferta tem até 600 caracteres.',
		en: 'The text of an offer has at most 600 characters.'
	},
	offer_footer: {
		'pt-BR': 'Uma oferta não tem rodapé. Retire-o.',
		en: 'An offer has no footer. Remove it.'
	},
	offer_link: {
		'pt-BR': 'Uma oferta precisa de um botão com link.',
		en: 'An offer needs a button with a link.'
	},
	offer_code: {
		'pt-BR': 'Com contagem regressiva, o primeiro botão é o de copiar o cupom.',
		en: 'With a countdown, the first button is the one that copies the coupon.'
	},
	card_header: {
		'pt-BR': 'Cada cartão começa com uma imagem ou um vídeo.',
		en: 'Each card begins with an image or a video.'
	},
	card_buttons: {
		'pt-BR': 'Cada cartão precisa de pelo menos um botão.',
		en: 'Each card needs at least one button.'
	},
	cards_alike: {
		'pt-BR': 'Os cartões de um carrossel têm todos as mesmas partes e os mesmos tipos de botão.',
		en: 'The cards of a carousel all have the same parts and the same kinds of button.'
	}
} satisfies Record<string, Sentences>;

export type DraftFault = keyof typeof DRAFT_FAULTS;

/** One sentence for a fault of a draft; null for a code this version does not know. */
export function draftFaultSentence(fault: string, locale: Locale): string | null {
	return Object.hasOwn(DRAFT_FAULTS, fault) ? DRAFT_FAULTS[fault as DraftFault][locale] : null;
}
