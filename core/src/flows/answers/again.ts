import { localeOf, type Sentences } from '../../locale.ts';
import type { AnswerKind } from './kinds.ts';

/** What is said to an answer that is none, where the author wrote nothing. */
const AGAIN: Record<AnswerKind | 'option', Sentences> = {
	option: {
		'pt-BR': 'Não entendi. Toque em uma das opções, por favor.',
		en: 'I did not get that. Please tap one of the options.'
	},
	text: { 'pt-BR': 'Não entendi. Pode escrever de novo?', en: 'I did not get that. Could you write it again?' },
	name: { 'pt-BR': 'Pode escrever seu nome, só com letras?', en: 'Could you write your name, in letters only?' },
	email: {
		'pt-BR': 'Este e-mail não parece certo. Escreva assim: nome@exemplo.com.br',
		en: 'That e-mail does not look right. Write it like this: name@example.com'
	},
	phone: {
		'pt-BR': 'Este telefone não parece certo. Escreva com o DDD, assim: 11 98765-4321',
		en: 'That phone number does not look right. Write it with its area code, like this: 11 98765-4321'
	},
	cpf: {
		'pt-BR': 'Este CPF não confere. Pode escrever de novo, com os 11 números?',
		en: 'That CPF is not right. Could you write its 11 digits again?'
	},
	cnpj: {
		'pt-BR': 'Este CNPJ não confere. Pode escrever de novo, com os 14 caracteres?',
		en: 'That CNPJ is not right. Could you write its 14 characters again?'
	},
	cep: {
		'pt-BR': 'Este CEP não confere. Escreva os 8 números, assim: 01310-100',
		en: 'That postal code is not right. Write its 8 digits, like this: 01310-100'
	},
	date: {
		'pt-BR': 'Não entendi a data. Escreva assim: 24/12/2026',
		en: 'I did not get the date. Write it like this: 24/12/2026'
	},
	number: { 'pt-BR': 'Escreva só o número, por favor.', en: 'Please write just the number.' },
	pattern: {
		'pt-BR': 'Não está no formato certo. Pode conferir?',
		en: 'That is not in the right form. Could you check it?'
	},
	choice: {
		'pt-BR': 'Não entendi. Escolha uma das opções, por favor.',
		en: 'I did not get that. Please choose one of the options.'
	},
	media: { 'pt-BR': 'Envie o arquivo por aqui, por favor.', en: 'Please send the file here.' },
	location: {
		'pt-BR': 'Envie sua localização: toque no clipe e em Localização.',
		en: 'Please send your location: tap the clip, then Location.'
	}
};

export const again = (kind: AnswerKind | 'option', language: string | null): string => AGAIN[kind][localeOf(language)];
