import type { Decision } from '@prosa/core/ai/decision/decision.ts';
import type { Locale } from '@prosa/core/locale.ts';

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
		hot: 'quente'
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
		hot: 'hot'
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
