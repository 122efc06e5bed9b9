import { expect, test } from 'vitest';
import { LOCALES } from '../locale.ts';
import { preview } from './preview.ts';

const KINDS =
	'text image audio video document sticker location contacts reaction interactive button order system unsupported edit revoke template call note media_placeholder'.split(
		' '
	);

test('every kind has one line in every language, with and without text', () => {
	for (const kind of KINDS) {
		for (const locale of LOCALES) {
			expect(preview({ kind, body: '' }, locale), kind).not.toBe('');
			expect(preview({ kind, body: 'linha um\n\nlinha dois' }, locale), kind).not.toContain('\n');
		}
	}
});

test('a photo says so, with its caption; a text is itself', () => {
	expect(preview({ kind: 'image', body: '' }, 'pt-BR')).toBe('📷 Foto');
	expect(preview({ kind: 'image', body: 'o bolo' }, 'en')).toBe('📷 Photo · o bolo');
	expect(preview({ kind: 'text', body: 'Bom dia' }, 'pt-BR')).toBe('Bom dia');
	expect(preview({ kind: 'reaction', body: '❤️' }, 'pt-BR')).toBe('Reagiu com ❤️');
	expect(preview({ kind: 'hologram', body: '' }, 'en')).toBe('⚠️ Unsupported message');
});
