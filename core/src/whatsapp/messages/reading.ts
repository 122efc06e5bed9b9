import { MEDIA_KINDS } from '../content.ts';
import { itemsOf, textOf, type Fields } from '../json.ts';
import { button } from './button.ts';
import { edit, revoke } from './change.ts';
import { contacts } from './contacts.ts';
import { interactive } from './interactive.ts';
import { location } from './location.ts';
import { media } from './media.ts';
import { order } from './order.ts';
import type { Part, Reading } from './part.ts';
import { reaction } from './reaction.ts';
import { system } from './system.ts';
import { text } from './text.ts';

const PARTS = new Map<string, Part>([
	['text', text],
	...MEDIA_KINDS.map((kind): [string, Part] => [kind, media]),
	['location', location],
	['contacts', contacts],
	['reaction', reaction],
	['interactive', interactive],
	['button', button],
	['order', order],
	['system', system],
	['revoke', revoke],
	['media_placeholder', () => ({ content: { kind: 'media_placeholder' }, body: '' })]
]);

/** Content of any message. What is unknown or not as documented becomes `unsupported`, with the payload kept. */
export function readingOf(message: Fields): Reading {
	const type = textOf(message.type) ?? kindByKey(message);
	const reading = type === 'edit' ? readEdit(message, type) : PARTS.get(type ?? '')?.(message, type ?? '');
	return reading ?? unsupported(message, type);
}

const readEdit = edit((inner) => {
	const type = textOf(inner.type) ?? kindByKey(inner);
	return PARTS.get(type ?? '')?.(inner, type ?? '') ?? unsupported(inner, type);
});

/** Some payloads leave `type` out; the key of the content then says it. */
function kindByKey(message: Fields): string | null {
	return Object.keys(message).find((key) => PARTS.has(key) || key === 'edit') ?? null;
}

/** Whatever could not be read, kept whole. */
export function unsupported(raw: unknown, type: string | null, errors: unknown = null): Reading {
	const reported = errors ?? (typeof raw === 'object' && raw !== null && 'errors' in raw ? raw.errors : null);
	return { content: { kind: 'unsupported', raw, type, errors: itemsOf(reported) }, body: '' };
}
