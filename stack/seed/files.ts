import type { MessageMedia } from '@prosa/core/media/media.ts';
import { MEDIA_KINDS, type MediaKind } from '@prosa/core/whatsapp/content.ts';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { samplePdf } from '../../simulators/whatsapp/src/media/sample_pdf.ts';
import type { MessageRow } from './rows.ts';
import { describedSamples, SAMPLE_TYPES, SAMPLES, THUMBNAILS, type Described } from './samples.ts';

/** Puts a file into bucket `media`. */
export type PutFile = (path: string, bytes: Uint8Array, mimeType: string) => Promise<void>;

/** What was photographed, by what was said of it; a picture without a word shows what the company lives from. */
const PICTURES: Record<string, string> = {
	'Pensei em algo assim': 'bolo.jpg',
	padaria: 'foto.jpg',
	oficina: 'painel.jpg'
};
const NOTHING: Described = {
	width: null,
	height: null,
	duration_seconds: null,
	waveform: null,
	animated: null,
	drawn: false
};

/** Gives the company's past messages their files: each is stored once, however many messages show it. */
export async function showFiles(messages: MessageRow[], tenantId: string, slug: string, put: PutFile): Promise<void> {
	const described = describedSamples();
	const withFiles = messages.filter(({ kind }) => MEDIA_KINDS.some((media) => media === kind));
	const names = [...new Set(withFiles.map((message) => nameOf(message, slug)))];
	const stored = new Map(
		await Promise.all(
			names.map(async (name) => [name, await store(name, described[name] ?? NOTHING, tenantId, put)] as const)
		)
	);
	for (const message of withFiles) message.media = stored.get(nameOf(message, slug)) ?? null;
}

function nameOf({ kind, content, body }: MessageRow, slug: string): string {
	switch (kind as MediaKind) {
		case 'image':
			return PICTURES[body] ?? PICTURES[slug] ?? 'foto.jpg';
		case 'audio':
			return 'voz.ogg';
		case 'video':
			return 'video.mp4';
		case 'sticker':
			return 'figurinha-animada.webp';
		case 'document':
			return 'filename' in content ? (content.filename ?? 'documento.pdf') : 'documento.pdf';
	}
}

async function store(name: string, found: Described, tenantId: string, put: PutFile): Promise<MessageMedia> {
	const type = SAMPLE_TYPES[name];
	const { drawn, ...description } = found;
	const bytes = type ? await readFile(new URL(name, SAMPLES)) : samplePdf(name.replace(/\.pdf$/, ''));
	const mime_type = type ?? 'application/pdf';
	const path = `${tenantId}/demo/${name}`;
	const thumbnail = drawn ? `${path}.thumbnail.webp` : null;
	await put(path, bytes, mime_type);
	if (thumbnail) await put(thumbnail, await readFile(new URL(`${name}.webp`, THUMBNAILS)), 'image/webp');
	return {
		status: 'stored',
		path,
		thumbnail,
		mime_type,
		size: bytes.length,
		sha256: createHash('sha256').update(bytes).digest('hex'),
		filename: type ? null : name,
		error: null,
		...description
	};
}
