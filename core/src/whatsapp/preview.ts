import type { Locale, Sentences } from '../locale.ts';
import type { Content } from './content.ts';

/** The name of a kind as a list or a card shows it, with its sign. */
const LABELS: Record<Content['kind'], Sentences & { sign: string }> = {
	text: { sign: '', 'pt-BR': 'Texto', en: 'Text' },
	image: { sign: '📷', 'pt-BR': 'Foto', en: 'Photo' },
	audio: { sign: '🎵', 'pt-BR': 'Áudio', en: 'Audio' },
	video: { sign: '🎥', 'pt-BR': 'Vídeo', en: 'Video' },
	document: { sign: '📄', 'pt-BR': 'Documento', en: 'Document' },
	sticker: { sign: '🎨', 'pt-BR': 'Figurinha', en: 'Sticker' },
	location: { sign: '📍', 'pt-BR': 'Localização', en: 'Location' },
	contacts: { sign: '👤', 'pt-BR': 'Contato', en: 'Contact' },
	reaction: { sign: '', 'pt-BR': 'Reação', en: 'Reaction' },
	interactive: { sign: '💬', 'pt-BR': 'Resposta', en: 'Answer' },
	button: { sign: '💬', 'pt-BR': 'Resposta', en: 'Answer' },
	order: { sign: '🛒', 'pt-BR': 'Pedido', en: 'Order' },
	system: { sign: 'ℹ️', 'pt-BR': 'Aviso do WhatsApp', en: 'WhatsApp notice' },
	unsupported: { sign: '⚠️', 'pt-BR': 'Mensagem não suportada', en: 'Unsupported message' },
	edit: { sign: '✏️', 'pt-BR': 'Mensagem editada', en: 'Edited message' },
	revoke: { sign: '🚫', 'pt-BR': 'Mensagem apagada', en: 'Deleted message' },
	template: { sign: '📋', 'pt-BR': 'Modelo', en: 'Template' },
	call: { sign: '📞', 'pt-BR': 'Chamada', en: 'Call' },
	note: { sign: '📝', 'pt-BR': 'Nota', en: 'Note' },
	activity: { sign: '', 'pt-BR': 'Atividade', en: 'Activity' },
	media_placeholder: { sign: '🗂️', 'pt-BR': 'Mídia do histórico', en: 'Media from history' }
};

/** Kinds whose text says everything: no label before it. */
const SPEAKS_FOR_ITSELF = new Set<string>(['text', 'interactive', 'button', 'system', 'note']);

/** The label of a kind: "📷 Foto". A kind this version does not know reads as unsupported. */
export function label(kind: string, locale: Locale, content?: Content): string {
	if (content?.kind === 'audio' && content.voice)
		return `🎤 ${{ 'pt-BR': 'Mensagem de voz', en: 'Voice message' }[locale]}`;
	if (content?.kind === 'interactive' && content.type === 'nfm_reply') {
		return `📝 ${{ 'pt-BR': 'Formulário respondido', en: 'Form answered' }[locale]}`;
	}
	const known = LABELS[kind as Content['kind']] ?? LABELS.unsupported;
	return `${known.sign} ${known[locale]}`.trim();
}

/** One line for a list: the text where there is any, the label where not, both where the text only captions. */
export function preview(message: { kind: string; body: string; content?: Content }, locale: Locale): string {
	const { kind, content } = message;
	const text = message.body.replace(/\s+/g, ' ').trim();
	if (kind === 'reaction') return reactionLine(text, content, locale);
	if (text === '') return label(kind, locale, content);
	return SPEAKS_FOR_ITSELF.has(kind) ? text : `${label(kind, locale, content)} · ${text}`;
}

function reactionLine(emoji: string, content: Content | undefined, locale: Locale): string {
	const removed = content?.kind === 'reaction' ? content.removed : emoji === '';
	if (removed) return { 'pt-BR': 'Retirou a reação', en: 'Removed their reaction' }[locale];
	return { 'pt-BR': `Reagiu com ${emoji}`, en: `Reacted with ${emoji}` }[locale];
}
