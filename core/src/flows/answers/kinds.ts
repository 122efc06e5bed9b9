/** What a question can ask for. */
export const ANSWER_KINDS = [
	'text',
	'name',
	'email',
	'phone',
	'cpf',
	'cnpj',
	'cep',
	'date',
	'number',
	'pattern',
	'choice',
	'media',
	'location'
] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];
