import type { Locale } from '@prosa/core/locale.ts';
import type { Item } from './digest.ts';

interface Words {
	subject: (count: number, company: string) => string;
	hello: (name: string) => string;
	intro: (count: number, company: string) => string;
	more: (count: number) => string;
	somebody: string;
	open: string;
	change: string;
	stop: string;
	why: (company: string) => string;
}

export const WORDS: Record<Locale, Words> = {
	'pt-BR': {
		subject: (count, company) => `${count} conversas esperam por você em ${company}`,
		hello: (name) => `Olá, ${name}!`,
		intro: (count, company) =>
			count === 1
				? `Enquanto você esteve fora, uma conversa em ${company} ficou sem ler.`
				: `Enquanto você esteve fora, ${count} conversas em ${company} ficaram sem ler.`,
		more: (count) => (count === 1 ? 'E mais uma na caixa de entrada.' : `E mais ${count} na caixa de entrada.`),
		somebody: 'Uma conversa',
		open: 'Abrir a caixa de entrada',
		change: 'Mudar os avisos',
		stop: 'Não receber mais estes e-mails',
		why: (company) => `Você recebe este resumo porque atende em ${company}.`
	},
	en: {
		subject: (count, company) => `${count} conversations wait for you at ${company}`,
		hello: (name) => `Hello, ${name}!`,
		intro: (count, company) =>
			count === 1
				? `While you were away, one conversation at ${company} stayed unread.`
				: `While you were away, ${count} conversations at ${company} stayed unread.`,
		more: (count) => (count === 1 ? 'And one more in the inbox.' : `And ${count} more in the inbox.`),
		somebody: 'A conversation',
		open: 'Open the inbox',
		change: 'Change notifications',
		stop: 'Stop these mails',
		why: (company) => `You get this digest because you answer customers at ${company}.`
	}
};

type Said = Pick<Item, 'type' | 'stage' | 'count' | 'actor'>;

/** What happened, in a few words. */
export function sentenceOf({ type, stage, count, actor }: Said, locale: Locale): string {
	const pt = locale === 'pt-BR';
	switch (type) {
		case 'assigned':
			if (actor === null) return pt ? 'Atribuída a você' : 'Assigned to you';
			return pt ? `${actor} atribuiu a você` : `${actor} assigned it to you`;
		case 'transferred':
			if (actor === null) return pt ? 'Transferida para você' : 'Transferred to you';
			return pt ? `${actor} transferiu para você` : `${actor} transferred it to you`;
		case 'mentioned':
			if (actor === null) return pt ? 'Você foi mencionado em uma nota' : 'You were mentioned in a note';
			return pt ? `${actor} mencionou você em uma nota` : `${actor} mentioned you in a note`;
		case 'message':
			if (count === 1) return pt ? 'Uma mensagem sem ler' : 'One unread message';
			return pt ? `${count} mensagens sem ler` : `${count} unread messages`;
		case 'participating':
			return pt ? 'Novidade em uma conversa que você acompanha' : 'News in a conversation you follow';
		case 'snooze_over':
			return pt ? 'O adiamento terminou' : 'The snooze is over';
		case 'sla_due':
			if (stage === 'warning') return pt ? 'O prazo de resposta está acabando' : 'The answer is almost due';
			return pt ? 'O prazo de resposta venceu' : 'The answer is overdue';
		default:
			return pt ? 'Uma regra pede sua atenção' : 'A rule asks for your attention';
	}
}
