import type { Locale, Sentences } from '../../locale.ts';

/**
 * Why WhatsApp would refuse a message, and what to do about it. `{limit}` is the number that the rule allows. The
 * database answers `content_invalid` with one of these codes as its detail.
 */
export const FAULTS = {
	kind_unknown: s('Este tipo de mensagem não existe no WhatsApp.', 'WhatsApp has no such kind of message.'),
	field_missing: s('Falta preencher um campo desta mensagem.', 'A field of this message is missing.'),
	field_unknown: s(
		'A mensagem tem um campo que o WhatsApp não conhece.',
		'The message has a field WhatsApp does not know.'
	),
	value_invalid: s(
		'Um campo desta mensagem tem um valor que não vale.',
		'A field of this message has a value that is not valid.'
	),
	characters_invalid: s(
		'O texto tem caracteres que não podem ser enviados. Apague-os e tente de novo.',
		'The text has characters that cannot be sent. Remove them and try again.'
	),
	content_too_large: s('A mensagem é grande demais. Divida-a em partes.', 'The message is too large. Split it.'),
	id_empty: s('Falta um identificador.', 'An identifier is missing.'),
	id_too_long: s(
		'O identificador passa de {limit} caracteres. Use um mais curto.',
		'The identifier is longer than {limit} characters. Use a shorter one.'
	),

	text_empty: s('Escreva a mensagem antes de enviar.', 'Write the message before sending it.'),
	text_too_long: s(
		'O texto passa de {limit} caracteres. Encurte-o ou divida em duas mensagens.',
		'The text is longer than {limit} characters. Shorten it or split it in two.'
	),
	caption_too_long: s(
		'A legenda passa de {limit} caracteres. Encurte-a.',
		'The caption is longer than {limit} characters. Shorten it.'
	),
	filename_too_long: s(
		'O nome do arquivo passa de {limit} caracteres. Renomeie-o.',
		'The file name is longer than {limit} characters. Rename the file.'
	),

	media_missing: s('Escolha um arquivo ou informe um link.', 'Choose a file or give a link.'),
	media_ambiguous: s('Escolha um arquivo ou um link, não os dois.', 'Choose a file or a link, not both.'),
	media_not_found: s(
		'O arquivo não está mais disponível. Anexe-o de novo.',
		'The file is no longer available. Attach it again.'
	),
	media_empty: s('O arquivo está vazio. Escolha outro.', 'The file is empty. Choose another one.'),
	media_too_large: s(
		'O arquivo passa de {limit}, o máximo do WhatsApp. Envie um menor.',
		'The file is larger than {limit}, the most WhatsApp takes. Send a smaller one.'
	),
	media_type_unsupported: s(
		'O WhatsApp não aceita este tipo de arquivo aqui. Converta-o ou envie como documento.',
		'WhatsApp does not take this type of file here. Convert it or send it as a document.'
	),
	link_invalid: s(
		'O link deve começar com http:// ou https:// e não ter espaços.',
		'The link must begin with http:// or https:// and have no spaces.'
	),
	link_too_long: s('O link passa de {limit} caracteres.', 'The link is longer than {limit} characters.'),

	latitude_invalid: s('A latitude vai de -90 a 90.', 'Latitude goes from -90 to 90.'),
	longitude_invalid: s('A longitude vai de -180 a 180.', 'Longitude goes from -180 to 180.'),
	place_too_long: s(
		'O nome ou endereço do lugar passa de {limit} caracteres.',
		'The name or address of the place is longer than {limit} characters.'
	),

	contacts_missing: s('Escolha pelo menos um contato.', 'Choose at least one contact.'),
	contacts_too_many: s('Cabem até {limit} contatos numa mensagem.', 'A message holds up to {limit} contacts.'),
	contact_name_missing: s('Todo contato precisa de um nome.', 'Every contact needs a name.'),
	contact_name_incomplete: s(
		'Informe também o primeiro nome do contato.',
		'Give the first name of the contact as well.'
	),
	contact_field_too_long: s(
		'Um campo do contato passa de {limit} caracteres.',
		'A field of the contact is longer than {limit} characters.'
	),
	contact_birthday_invalid: s('A data de nascimento deve ser AAAA-MM-DD.', 'The birthday must be YYYY-MM-DD.'),

	reaction_not_one_emoji: s('Reaja com um único emoji.', 'React with a single emoji.'),

	header_empty: s('Escreva o cabeçalho ou retire-o.', 'Write the header or remove it.'),
	header_too_long: s('O cabeçalho passa de {limit} caracteres.', 'The header is longer than {limit} characters.'),
	body_empty: s('Escreva o texto da mensagem.', 'Write the text of the message.'),
	body_too_long: s(
		'O texto da mensagem passa de {limit} caracteres.',
		'The text of the message is longer than {limit} characters.'
	),
	footer_empty: s('Escreva o rodapé ou retire-o.', 'Write the footer or remove it.'),
	footer_too_long: s('O rodapé passa de {limit} caracteres.', 'The footer is longer than {limit} characters.'),

	buttons_missing: s('Crie pelo menos um botão.', 'Make at least one button.'),
	buttons_too_many: s('Cabem até {limit} botões.', 'There is room for up to {limit} buttons.'),
	button_title_empty: s('Todo botão precisa de um texto.', 'Every button needs a text.'),
	button_title_too_long: s(
		'O texto do botão passa de {limit} caracteres.',
		'The text of the button is longer than {limit} characters.'
	),
	buttons_repeated: s(
		'Dois botões têm o mesmo texto ou identificador. Mude um deles.',
		'Two buttons have the same text or identifier. Change one.'
	),

	sections_missing: s('Crie pelo menos uma seção.', 'Make at least one section.'),
	sections_too_many: s('Cabem até {limit} seções.', 'There is room for up to {limit} sections.'),
	section_title_missing: s(
		'Com mais de uma seção, cada uma precisa de um título.',
		'With more than one section, each needs a title.'
	),
	section_title_too_long: s(
		'O título da seção passa de {limit} caracteres.',
		'The title of the section is longer than {limit} characters.'
	),
	rows_missing: s('Cada seção precisa de pelo menos uma opção.', 'Each section needs at least one option.'),
	rows_too_many: s(
		'Cabem até {limit} opções, somando todas as seções.',
		'There is room for up to {limit} options in all sections together.'
	),
	rows_repeated: s(
		'Duas opções têm o mesmo identificador. Mude um deles.',
		'Two options have the same identifier. Change one.'
	),
	row_title_empty: s('Toda opção precisa de um título.', 'Every option needs a title.'),
	row_title_too_long: s(
		'O título da opção passa de {limit} caracteres.',
		'The title of the option is longer than {limit} characters.'
	),
	row_description_too_long: s(
		'A descrição da opção passa de {limit} caracteres.',
		'The description of the option is longer than {limit} characters.'
	),

	flow_missing: s('Escolha o Flow a enviar.', 'Choose the Flow to send.'),
	flow_ambiguous: s(
		'Indique o Flow pelo id ou pelo nome, não pelos dois.',
		'Name the Flow by its id or by its name, not by both.'
	),
	flow_screen_missing: s('Informe a primeira tela do Flow.', 'Give the first screen of the Flow.'),
	flow_data_empty: s(
		'Os dados da primeira tela não podem ser vazios. Retire-os ou preencha.',
		'The data of the first screen cannot be empty. Remove it or fill it in.'
	),

	product_missing: s('Escolha pelo menos um produto do catálogo.', 'Choose at least one product of the catalog.'),
	products_too_many: s('Cabem até {limit} produtos.', 'There is room for up to {limit} products.'),
	products_repeated: s(
		'O mesmo produto aparece duas vezes. Retire um.',
		'The same product is there twice. Remove one.'
	),

	cards_too_few: s('Um carrossel tem pelo menos {limit} cartões.', 'A carousel has at least {limit} cards.'),
	cards_too_many: s('Um carrossel tem até {limit} cartões.', 'A carousel has up to {limit} cards.'),
	cards_differ: s(
		'Todos os cartões devem ter o mesmo tipo de cabeçalho e os mesmos tipos de botão.',
		'All cards must have the same type of header and the same types of buttons.'
	),

	template_missing: s('Escolha o modelo a enviar.', 'Choose the template to send.'),
	template_language_invalid: s('O idioma do modelo não é válido.', 'The language of the template is not valid.'),
	template_components_too_many: s('O modelo tem partes demais.', 'The template has too many parts.'),
	template_parameter_empty: s('Preencha todas as variáveis do modelo.', 'Fill in every variable of the template.'),
	template_parameter_too_long: s(
		'Uma variável do modelo passa de {limit} caracteres.',
		'A variable of the template is longer than {limit} characters.'
	)
} as const satisfies Record<string, Sentences>;

export type FaultCode = keyof typeof FAULTS;

/** One thing that is wrong, and where: `['interactive', 'action', 'buttons', 0, 'reply', 'title']`. */
export interface Fault {
	code: FaultCode;
	path: (string | number)[];
	/** The number the rule allows, where it is about a number. */
	limit?: number;
}

export const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(FAULTS, code);

/** What to tell the person, with the number in their language's writing; sizes of files in KB and MB. */
export function faultSentence({ code, limit }: Pick<Fault, 'code' | 'limit'>, locale: Locale): string {
	const shown =
		limit === undefined ? '' : code === 'media_too_large' ? size(limit, locale) : limit.toLocaleString(locale);
	return FAULTS[code][locale].replace('{limit}', shown);
}

function size(bytes: number, locale: Locale): string {
	const [amount, unit] = bytes >= 1_048_576 ? [bytes / 1_048_576, 'MB'] : [bytes / 1_024, 'KB'];
	return `${amount.toLocaleString(locale, { maximumFractionDigits: 1 })} ${unit}`;
}

function s(ptBr: string, en: string): Sentences {
	return { 'pt-BR': ptBr, en };
}
