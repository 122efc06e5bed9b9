import { expect, test } from 'vitest';
import { kindOf } from './kind.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0);

test('a picture is known by how it begins, and a page that calls itself one is not', () => {
	expect(kindOf(bytes('RIFF\x10\0\0\0WEBPVP8 '))?.ending).toBe('webp');
	expect(kindOf(bytes('\x89PNG\r\n\x1a\n\0\0\0\r'))?.ending).toBe('png');
	expect(kindOf(bytes('\xff\xd8\xff\xe0\0\x10JFIF'))?.ending).toBe('jpg');
	for (const text of ['<svg xmlns="http', '<!doctype html>', 'GIF89a', 'RIFF\x10\0\0\0WAVE', ''])
		expect(kindOf(bytes(text)), text).toBeNull();
});
