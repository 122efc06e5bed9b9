import { CAPTION_MAX } from '@prosa/core/whatsapp/outgoing/media.ts';
import { TEXT_MAX } from '@prosa/core/whatsapp/outgoing/text.ts';
import { expect, test } from 'vitest';
import type { OutgoingContent } from './content.ts';
import { countOf, insert, longestCaption, longestText, parcels, toggleMark, type Sendable } from './write.ts';

const file = (name: string, takesCaption: boolean, caption = ''): Sendable => ({
	caption,
	takesCaption,
	contentWith: (words): OutgoingContent => ({ kind: 'document', filename: name, ...(words ? { caption: words } : {}) })
});
const sent = (text: string, files: Sendable[]) =>
	parcels(text, files, false).map(({ content }) =>
		content.kind === 'text' ? content.text : 'filename' in content ? [content.filename, content.caption] : null
	);

test('what is written beside one photo is its caption', () => {
	expect(sent(' Olha o bolo ', [file('bolo.jpg', true)])).toEqual([['bolo.jpg', 'Olha o bolo']]);
});

test('what is too long to be a caption is a message of its own, after the file', () => {
	const [fits, long] = ['é'.repeat(CAPTION_MAX), 'é'.repeat(CAPTION_MAX + 1)];
	expect(sent(fits, [file('a.pdf', true)])).toEqual([['a.pdf', fits]]);
	expect(sent(long, [file('a.pdf', true)])).toEqual([['a.pdf', undefined], long]);
});

test('beside several files, or one that takes no caption, it is a message of its own, after them', () => {
	expect(sent('Seguem', [file('a.pdf', true, 'Nota'), file('b.pdf', true)])).toEqual([
		['a.pdf', 'Nota'],
		['b.pdf', undefined],
		'Seguem'
	]);
	expect(sent('Ouça', [file('c.ogg', false)])).toEqual([['c.ogg', undefined], 'Ouça']);
	expect(sent('  ', [file('c.ogg', false)])).toEqual([['c.ogg', undefined]]);
});

test('a link is previewed where that is asked for', () => {
	const text = 'https://padaria.test';
	expect(parcels(text, [], true)).toEqual([{ content: { kind: 'text', text, preview_url: true }, file: null }]);
	expect(parcels(text, [], false)).toEqual([{ content: { kind: 'text', text }, file: null }]);
});

test('characters are counted near the limit, which is the database’s', () => {
	expect([longestText, longestCaption]).toEqual([TEXT_MAX, CAPTION_MAX]);
	expect(countOf(3000, longestText)).toBeNull();
	expect(countOf(4090, longestText)).toEqual({ length: 4090, over: 0 });
	expect(countOf(4100, longestText)).toEqual({ length: 4100, over: 4 });
});

test('an emoji goes where the cursor stands', () => {
	expect(insert({ text: 'Oi tudo bem', from: 2, to: 3 }, ' 👋 ')).toEqual({ text: 'Oi 👋 tudo bem', from: 6, to: 6 });
});

test('a mark goes on and comes off again, and never holds the blanks around a word', () => {
	const bold = toggleMark({ text: 'Seu pedido saiu', from: 4, to: 11 }, '*');
	expect(bold).toEqual({ text: 'Seu *pedido* saiu', from: 5, to: 11 });
	expect(toggleMark(bold, '*')).toEqual({ text: 'Seu pedido saiu', from: 4, to: 10 });
	expect(toggleMark({ text: '', from: 0, to: 0 }, '_')).toEqual({ text: '__', from: 1, to: 1 });
});
