import type { MediaKind } from '@prosa/core/whatsapp/content.ts';
import { fileTypeFromFile } from 'file-type';
import { open } from 'node:fs/promises';
import { activeType, HONEST_EXTENSIONS } from './active_types.ts';

export type Verdict = { type: 'kept'; mime_type: string; extension: string } | { type: 'refused'; title: string };

export interface Claim {
	kind: MediaKind;
	/** As its sender says. */
	mime_type: string | null;
	filename: string | null;
}

export const UNKNOWN = 'application/octet-stream';

/** What a browser may be handed under its own name: it shows or plays these, and runs none of them. */
const INERT =
	/^(image\/(jpeg|png|apng|webp|gif|heic|heif|avif|bmp|tiff)|(audio|video)\/[\w.+-]+|application\/(pdf|zip|rtf|epub\+zip|vnd\.openxmlformats-officedocument\.[\w.-]+|vnd\.oasis\.opendocument\.[\w.-]+))$/;
/** Types that bytes alone don't tell apart; taken from the sender's word where the bytes agree. */
const PLAIN = new Set(['text/plain', 'text/csv', 'text/vcard', 'text/calendar', 'application/json']);
const OLD_OFFICE = new Set(['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint']);
/** The same thing under another name. */
const SAME: Readonly<Record<string, string>> = {
	'audio/x-m4a': 'audio/mp4',
	'audio/opus': 'audio/ogg',
	'application/ogg': 'audio/ogg'
};
const HEAD = 4096;

/**
 * What a file is, by its bytes. Pages, drawings with scripts and programs that pretend to be something else are
 * refused; openly sent ones are kept as attachments that no browser opens. A type that nobody knows is an attachment.
 */
export async function judge(file: string, claim: Claim): Promise<Verdict> {
	const head = await headOf(file);
	const found = await fileTypeFromFile(file);
	const actual = found ? bare(found.mime) : null;
	const active = activeType(head, actual);
	if (active) {
		const honest = claim.kind === 'document' && HONEST_EXTENSIONS[active]?.includes(extensionOf(claim.filename));
		return honest ? attachment(claim) : { type: 'refused', title: `${active}, not ${claim.mime_type ?? claim.kind}` };
	}
	const declared = bare(claim.mime_type ?? '');
	if (actual === 'application/x-cfb' && OLD_OFFICE.has(declared)) return kept(declared, claim);
	if (actual === 'application/zip' && INERT.test(declared) && declared.startsWith('application/vnd.')) {
		return kept(declared, claim);
	}
	if (actual === null && PLAIN.has(declared) && isText(head)) return kept(declared, claim);
	if (actual === null || !INERT.test(SAME[actual] ?? actual)) return attachment(claim);
	return kept(named(actual, claim.kind), claim, found?.ext);
}

/** An MP4 with sound alone is told from one with a picture only by looking far into it: the message's kind knows. */
function named(actual: string, kind: MediaKind): string {
	if (kind === 'audio' && actual === 'video/mp4') return 'audio/mp4';
	return SAME[actual] ?? actual;
}

const attachment = (claim: Claim): Verdict => kept(UNKNOWN, claim);

function kept(mime_type: string, { filename }: Claim, extension?: string): Verdict {
	const given = extensionOf(filename);
	return { type: 'kept', mime_type, extension: extension ?? (given === '' ? 'bin' : given) };
}

/** Without the dot, in small letters; '' when it is none that a path should carry. */
function extensionOf(filename: string | null): string {
	return /\.([a-z0-9]{1,8})$/.exec(filename?.toLowerCase() ?? '')?.[1] ?? '';
}

/** `audio/ogg; codecs=opus` → `audio/ogg` */
export function bare(mimeType: string): string {
	return (mimeType.split(';')[0] ?? '').trim().toLowerCase();
}

async function headOf(file: string): Promise<Buffer> {
	const handle = await open(file, 'r');
	try {
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
}

function isText(head: Buffer): boolean {
	return !head.includes(0);
}
