import type { Content, MediaContent, MediaKind } from '@prosa/core/whatsapp/content.ts';
import type { Line } from './dialogue.ts';
import type { Random } from './random.ts';

const MIME: Record<MediaKind, string> = {
	image: 'image/jpeg',
	audio: 'audio/ogg; codecs=opus',
	video: 'video/mp4',
	document: 'application/pdf',
	sticker: 'image/webp'
};

/** What a written line becomes: the content as the door would have parsed it, and its text for search and preview. */
export function contentOf(line: Line, text: string, random: Random): { content: Content; body: string } {
	const [first = '', second = ''] = text.split('|').map((part) => part.trim());
	switch (line.kind) {
		case 'image':
		case 'video':
		case 'audio':
		case 'sticker':
			return { content: media(line.kind, random, { caption: text || null }), body: text };
		case 'document':
			return { content: media('document', random, { filename: text }), body: text };
		case 'location': {
			const latitude = -23.55 + random.between(-400, 400) / 10_000;
			const longitude = -46.63 + random.between(-400, 400) / 10_000;
			const place = { latitude, longitude, name: first || null, address: second || null, url: null };
			return { content: { kind: 'location', ...place }, body: [first, second].filter(Boolean).join(', ') };
		}
		case 'reaction':
			return { content: { kind: 'reaction', emoji: text, removed: false }, body: text };
		case 'contacts': {
			const card = {
				first_name: null,
				last_name: null,
				emails: [],
				urls: [],
				addresses: [],
				company: null,
				title: null,
				birthday: null
			};
			const phones = [{ phone: second, wa_id: second.replace(/\D/g, ''), type: 'CELL' }];
			return { content: { kind: 'contacts', contacts: [{ name: first, ...card, phones }] }, body: first };
		}
		default:
			return { content: { kind: 'text', text }, body: text };
	}
}

function media(kind: MediaKind, random: Random, more: Partial<MediaContent>): MediaContent {
	return {
		kind,
		media_id: String(random.between(10 ** 14, 10 ** 15 - 1)),
		mime_type: MIME[kind],
		sha256: null,
		caption: null,
		filename: null,
		voice: kind === 'audio',
		animated: false,
		url: null,
		...more
	};
}
