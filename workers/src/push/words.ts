import type { Locale } from '@prosa/core/locale.ts';

const WORDS: Record<string, Record<Locale, string>> = {
	assigned: { 'pt-BR': 'Conversa atribuída a você', en: 'Conversation assigned to you' },
	transferred: { 'pt-BR': 'Conversa transferida para você', en: 'Conversation transferred to you' },
	mentioned: { 'pt-BR': 'Alguém mencionou você', en: 'Somebody mentioned you' },
	message: { 'pt-BR': 'Nova mensagem em uma conversa sua', en: 'New message in a conversation of yours' },
	participating: { 'pt-BR': 'Novidade em uma conversa que você acompanha', en: 'News in a conversation you follow' },
	snooze_over: { 'pt-BR': 'O adiamento terminou', en: 'The snooze is over' },
	sla_due: { 'pt-BR': 'O prazo de resposta venceu', en: 'The answer is overdue' },
	sla_warning: { 'pt-BR': 'O prazo de resposta está acabando', en: 'The answer is almost due' },
	rule: { 'pt-BR': 'Uma regra pede sua atenção', en: 'A rule asks for your attention' },
	test: { 'pt-BR': 'Os avisos chegam a este dispositivo.', en: 'Notifications reach this device.' }
};

export interface Told {
	type: string;
	/** Of a promise: whether it is due, or about to be. */
	stage: 'due' | 'warning' | null;
	conversation_id: string | null;
	workspace: string;
	workspace_name: string;
	locale: Locale;
	contact: string | null;
	preview: string | null;
}

/** What a device shows. The name and the customer's words are there only where the company lets them be. */
export function payloadOf({ type, stage, conversation_id, workspace, workspace_name, locale, contact, preview }: Told) {
	const sentence = WORDS[stage === 'warning' ? 'sla_warning' : type]?.[locale] ?? workspace_name;
	return {
		title: contact ?? workspace_name,
		body: type === 'message' && preview !== null ? preview : sentence,
		// One notification a conversation: a later one takes the place of the one before.
		tag: conversation_id ?? 'test',
		url: conversation_id === null ? `/${workspace}/settings/notifications` : `/${workspace}/inbox/${conversation_id}`
	};
}
