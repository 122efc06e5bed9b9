import { faultSentence } from '@prosa/core/whatsapp/outgoing/faults.ts';
import { expect, test } from 'vitest';
import { as, prepare, typeOf } from './prepare.ts';

const file = (name: string, type: string, size = 10) => new File([new Uint8Array(size)], name, { type });

test('a file goes out as what its type is best for', async () => {
	const kinds = await Promise.all(
		[
			file('a.jpg', 'image/jpeg'),
			file('b.mp4', 'video/mp4'),
			file('c.mp3', 'audio/mp3'),
			file('d.pdf', 'application/pdf')
		].map(prepare)
	);
	expect(kinds.map(({ kind, type, fault }) => [kind, type, fault])).toEqual([
		['image', 'image/jpeg', null],
		['video', 'video/mp4', null],
		['audio', 'audio/mpeg', null],
		['document', 'application/pdf', null]
	]);
});

test('a type that the system does not tell is read from the name', () => {
	expect(typeOf({ name: 'Recado.OPUS', type: '' })).toBe('audio/ogg');
	expect(typeOf({ name: 'sem-fim', type: '' })).toBe('application/octet-stream');
});

test('a picture that is too large says so before it is uploaded', () => {
	const large = { file: file('foto.png', 'image/png', 6 * 1_048_576), name: 'foto.png', type: 'image/png' };
	const { fault } = as('image', large);
	expect(fault && faultSentence(fault, 'pt-BR')).toBe('O arquivo passa de 5 MB, o máximo do WhatsApp. Envie um menor.');
});

test('what WhatsApp does not take is refused with what to do', async () => {
	const { fault } = await prepare(file('programa.exe', 'application/x-msdownload'));
	expect(fault && faultSentence(fault, 'pt-BR')).toContain('não aceita este tipo de arquivo');
});
