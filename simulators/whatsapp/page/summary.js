import { t } from './words.js';

/** @type {Record<string, import('./words.js').Word>} */
const kinds = {
	image: 'photo',
	video: 'video',
	document: 'document',
	sticker: 'sticker',
	location: 'location',
	contacts: 'contact',
	order: 'order',
	system: 'system',
	unsupported: 'unsupportedKind',
	template: 'template'
};

/**
 * A message in one line, for lists and quotes.
 * @param {import('./api.js').Message} message
 */
export function summary(message) {
	const { kind, content } = message;
	if (message.revoked_at) return t('deleted');
	switch (kind) {
		case 'text':
			return String(content['body'] ?? '').replace(/([*_~`])([^*_~`\n]+)\1/g, '$2');
		case 'audio':
			return t(content['voice'] ? 'voice' : 'audio');
		case 'interactive':
			return content['button_reply']?.title ?? content['list_reply']?.title ?? content['body']?.text ?? t('answered');
		case 'button':
			return String(content['text'] ?? '');
		case 'reaction':
			return String(content['emoji'] ?? '');
		case 'template':
			return content['rendered']?.body ?? `${t('template')}: ${content['name']}`;
		default:
			return content['caption'] ?? content['filename'] ?? t(kinds[kind] ?? 'unknown');
	}
}
