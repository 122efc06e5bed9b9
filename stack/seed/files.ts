import type { MessageMedia } from '@prosa/core/media/media.ts';
import { MEDIA_KINDS, type MediaKind } from '@prosa/core/whatsapp/content.ts';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { samplePdf } from '../../simulators/whatsapp/src/media/sample_pdf.ts';
import { describeFile } from '../../workers/src/media/describe.ts';
import type { MessageRow } from './rows.ts';

/** Puts a file into bucket `media`. */
export type PutFile = (path: string, bytes: Uint8Array, mimeType: string) => Promise<void>;

/** A file that the demo's past shows: one for all messages that show the same. */
interface Shown {
	name: string;
	mime_type: string;
	bytes: () => Promise<Uint8Array>;
}

const SAMPLES = new URL('../../simulators/whatsapp/samples/', import.meta.url);
const sample = (name: string, mime_type: string): Shown => ({
	name,
	mime_type,
	bytes: () => readFile(new URL(name, SAMPLES))
});

/** What was photographed, by what was said of it; '' for a picture without a word. */
const PICTURES: Record<string, string> = {
	'Pensei em algo assim': 'bolo.jpg',
	padaria: 'foto.jpg',
	oficina: 'painel.jpg'
};

function shownBy({ kind, content, body }: MessageRow, slug: string): Shown | null {
	switch (kind as MediaKind) {
		case 'image':
			return sample(PICTURES[body] ?? PICTURES[slug] ?? 'foto.jpg', 'image/jpeg');
		case 'audio':
			return sample('voz.ogg', 'audio/ogg');
		case 'video':
			return sample('video.mp4', 'video/mp4');
		case 'sticker':
			return sample('figurinha-animada.webp', 'image/webp');
		case 'document': {
			const name = 'filename' in content ? (content.filename ?? 'documento.pdf') : 'documento.pdf';
			return { name, mime_type: 'application/pdf', bytes: async () => samplePdf(name.replace(/\.pdf$/, '')) };
		}
		default:
			return null;
	}
}

/** Gives the company's past messages their files: each is stored once, described as the worker would. */
export async function showFiles(messages: MessageRow[], tenantId: string, slug: string, put: PutFile): Promise<void> {
	const stored = new Map<string, Promise<MessageMedia>>();
	const folder = await mkdtemp(path.join(tmpdir(), 'prosa-seed-'));
	try {
		for (const message of messages) {
			if (!MEDIA_KINDS.some((kind) => kind === message.kind)) continue;
			const shown = shownBy(message, slug);
			if (!shown) continue;
			if (!stored.has(shown.name)) stored.set(shown.name, store(shown, tenantId, folder, put));
			message.media = (await stored.get(shown.name)) ?? null;
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function store(
	{ name, mime_type, bytes }: Shown,
	tenantId: string,
	folder: string,
	put: PutFile
): Promise<MessageMedia> {
	const content = await bytes();
	const [file, drawing] = [path.join(folder, name), path.join(folder, `${name}.thumbnail`)];
	await writeFile(file, content);
	const { drawn, ...description } = await describeFile(file, mime_type, drawing);
	const at = `${tenantId}/demo/${name}`;
	const thumbnail = drawn ? `${at}.thumbnail.webp` : null;
	await put(at, content, mime_type);
	if (thumbnail) await put(thumbnail, await readFile(drawing), 'image/webp');
	return {
		status: 'stored',
		path: at,
		thumbnail,
		mime_type,
		size: content.length,
		sha256: createHash('sha256').update(content).digest('hex'),
		filename: mime_type === 'application/pdf' ? name : null,
		error: null,
		...description
	};
}
