import type { Decision } from '@prosa/core/ai/decision/decision.ts';
import type { Locale } from '@prosa/core/locale.ts';
import type { Reading } from './reading.ts';

const WORDS = {
	'pt-BR': {
		handed: 'A IA passou a conversa para a equipe.',
		why: 'Motivo',
		subject: 'Assunto',
		sentiment: 'Sentimento',
		urgency: 'Urgência',
		lead: 'Interesse',
		negative: 'negativo',
		neutral: 'neutro',
		positive: 'positivo',
		low: 'baixa',
		normal: 'normal',
		high: 'alta',
		cold: 'frio',
		warm: 'morno',
		hot: 'quente',
		first: 'O cliente começou com',
		answered: 'A IA respondeu por último',
		last: 'Por fim, o cliente escreveu'
	},
	en: {
		handed: 'The AI handed this conversation to the team.',
		why: 'Reason',
		subject: 'Subject',
		sentiment: 'Sentiment',
		urgency: 'Urgency',
		lead: 'Interest',
		negative: 'negative',
		neutral: 'neutral',
		positive: 'positive',
		low: 'low',
		normal: 'normal',
		high: 'high',
		cold: 'cold',
		warm: 'warm',
		hot: 'hot',
		first: 'The customer began with',
		answered: 'The AI last answered',
		last: 'Then the customer wrote'
	}
} satisfies Record<Locale, Record<string, string>>;

/** What the team reads where an agent hands over. */
export function noteOf({ locale, reason, decision }: { locale: Locale; reason: string; decision?: Decision }): string {
	const words = WORDS[locale];
	const lines = [words.handed, `${words.why}: ${reason}`];
	if (decision) {
		lines.push(
			[
				`${words.subject}: ${decision.intent.replaceAll('_', ' ')}`,
				`${words.sentiment}: ${words[decision.sentiment]}`,
				`${words.urgency}: ${words[decision.urgency]}`,
				`${words.lead}: ${words[decision.temperature]}`
			].join(' · ')
		);
	}
	return lines.join('\n');
}

/** A summary that no model made: the words that say most, as they were said. */
export function plainSummary(said: Reading['said'], locale: Locale): string {
	const words = WORDS[locale];
	const by = (author: string) =>
		said.filter((one) => one.author === author && one.text?.trim()).map(({ text }) => text ?? '');
	const [asked, answered] = [by('customer'), by('company')];
	const quote = (label: string, text: string | undefined) =>
		text === undefined ? [] : [`${label}: «${clip(text.replace(/\s+/g, ' ').trim())}»`];
	return [
		...quote(words.first, asked[0]),
		...quote(words.answered, answered.at(-1)),
		...quote(words.last, asked.length > 1 ? asked.at(-1) : undefined)
	].join('\n');
}

const clip = (text: string): string => (text.length > 280 ? `${text.slice(0, 279).toWellFormed()}…` : text);
