import { expect, test } from 'vitest';
import { REFUSED } from './cases/refused.ts';
import { SENDABLE } from './cases/sendable.ts';
import { checkContent, contentFaults, RULES } from './content.ts';
import { isOneEmoji } from './emoji.ts';
import { FAULTS, faultSentence, type FaultCode } from './faults.ts';
import { checkFile, kindOf, metaType } from './media.ts';
import { holdsLink } from './text.ts';

test.each(Object.entries(SENDABLE))('%s may be sent', (_, content) => {
	expect(contentFaults(content)).toEqual([]);
});

test.each(REFUSED)('$name is refused: $fault', ({ content, fault }) => {
	expect(checkContent(content)?.code).toBe(fault);
});

test('every reason the rules can give has a case that gives it', () => {
	const named = [...JSON.stringify(RULES).matchAll(/"([a-z_]+)"/g)].map(([, code]) => code ?? '');
	const proven = new Set<string>(REFUSED.map(({ fault }) => fault));
	const missing = named.filter((code) => Object.hasOwn(FAULTS, code) && !proven.has(code));
	expect(missing).toEqual([]);
});

test('every fault is shown where it is', () => {
	const interactive = {
		type: 'button',
		body: { text: '' },
		action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'a'.repeat(30) } }] }
	};
	expect(contentFaults({ kind: 'interactive', interactive })).toEqual([
		{ code: 'body_empty', path: ['interactive', 'body', 'text'] },
		{ code: 'button_title_too_long', path: ['interactive', 'action', 'buttons', 0, 'reply', 'title'], limit: 20 }
	]);
});

test('every fault has a sentence in each language, with its limit in that language', () => {
	for (const code of Object.keys(FAULTS) as FaultCode[]) {
		for (const locale of ['pt-BR', 'en'] as const) {
			const sentence = faultSentence({ code, limit: 4_096 }, locale);
			expect(sentence, code).toMatch(/^[A-ZÀ-Ú].*\.$/);
			expect(sentence).not.toContain('{');
		}
	}
	expect(faultSentence({ code: 'text_too_long', limit: 4_096 }, 'pt-BR')).toContain('4.096');
	expect(faultSentence({ code: 'media_too_large', limit: 5 * 1_024 * 1_024 }, 'en')).toContain('5 MB');
	expect(faultSentence({ code: 'media_too_large', limit: 102_400 }, 'pt-BR')).toContain('100 KB');
});

test('text that cannot be kept is refused before it is sent', () => {
	expect(checkContent({ kind: 'text', text: 'a\0b' })?.code).toBe('characters_invalid');
	expect(checkContent({ kind: 'text', text: 'a\uD800b' })?.code).toBe('characters_invalid');
});

test('one emoji is one, however it is made, and letters are none', () => {
	for (const emoji of ['👍', '👍🏿', '❤️', '🇧🇷', '5️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩‍❤️‍💋‍👨', '☺']) expect(isOneEmoji(emoji), emoji).toBe(true);
	for (const text of ['', 'a', '👍👍', '👍 ', '1', '🇧', '\u200d']) expect(isOneEmoji(text), text).toBe(false);
});

test('a file is judged before it is uploaded, by the name Meta has for its type', () => {
	expect(checkFile('image', { type: 'image/jpg', size: 10 })).toBeNull();
	expect(checkFile('image', { type: 'image/heic', size: 10 })?.code).toBe('media_type_unsupported');
	expect(checkFile('audio', { type: 'audio/x-m4a', size: 17 * 1_024 * 1_024 })).toMatchObject({
		code: 'media_too_large'
	});
	expect(checkFile('sticker', { type: 'image/webp', size: 200_000 })).toMatchObject({ limit: 102_400 });
	expect(checkFile('sticker', { type: 'image/webp', size: 200_000 }, true)).toBeNull();
	expect(metaType('Audio/OGG; codecs=opus')).toBe('audio/ogg');
	expect(kindOf('application/pdf')).toBe('document');
	expect(kindOf('application/x-msdownload')).toBeNull();
});

test('a link is what WhatsApp previews: with its scheme', () => {
	expect(holdsLink('veja https://padaria.test')).toBe(true);
	expect(holdsLink('veja padaria.test')).toBe(false);
});
