import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withFolder } from './folder.ts';
import { judge, type Claim, type Verdict } from './judge.ts';
import { animatedSticker, photo, video, voice } from './samples.testing.ts';

const about = (bytes: Uint8Array | string, claim: Partial<Claim>): Promise<Verdict> =>
	withFolder(async (folder) => {
		const file = path.join(folder, 'file');
		await writeFile(file, bytes);
		return judge(file, { kind: 'document', mime_type: null, filename: null, ...claim });
	});
const type = async (bytes: Uint8Array | string, claim: Partial<Claim>) => {
	const verdict = await about(bytes, claim);
	return verdict.type === 'kept' ? verdict.mime_type : 'refused';
};

test('a file is what its bytes are, whatever its sender calls it', async () => {
	expect(await about(photo(), { kind: 'image', mime_type: 'image/png' })).toEqual({
		type: 'kept',
		mime_type: 'image/jpeg',
		extension: 'jpg'
	});
	expect(await type(voice(), { kind: 'audio', mime_type: 'audio/ogg; codecs=opus' })).toBe('audio/ogg');
	expect(await type(video(), { kind: 'video', mime_type: 'video/mp4' })).toBe('video/mp4');
	expect(await type(video(), { kind: 'audio', mime_type: 'audio/mp4' })).toBe('audio/mp4');
	expect(await type(animatedSticker(), { kind: 'sticker' })).toBe('image/webp');
	expect(await type('%PDF-1.4\n%%EOF', { mime_type: 'text/html' })).toBe('application/pdf');
});

const PAGES = {
	page: '<!doctype html><title>x</title>',
	'page behind blanks and a comment': '\n\n  <!-- hi --> <HTML><body onload=alert(1)>',
	'page behind a mark': '\u{feff}<html>',
	script: '<script>alert(1)</script>',
	drawing: '<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
	'drawing without a declaration': '<svg onload="alert(1)">',
	'page in XML': '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
	shell: '#!/bin/sh\nrm -rf /'
};
test.each(Object.entries(PAGES))('a %s that pretends to be a picture or a PDF is refused', async (_name, text) => {
	expect(await type(text, { kind: 'image', mime_type: 'image/jpeg' })).toBe('refused');
	expect(await type(text, { mime_type: 'application/pdf', filename: 'nota.pdf' })).toBe('refused');
	expect(await type(text, { kind: 'sticker', mime_type: 'image/webp', filename: 'a.html' })).toBe('refused');
});

test('a page in the other order of bytes is a page', async () => {
	const text = Buffer.from('\u{feff}<html>', 'utf16le');
	expect(await type(text, { kind: 'image' })).toBe('refused');
	expect(await type(Buffer.from(text).swap16(), { kind: 'image' })).toBe('refused');
});

test('a program that pretends to be something else is refused, under its own name it is an attachment', async () => {
	const program = Buffer.concat([Buffer.from('MZ'), randomBytes(400)]);
	expect(await type(program, { kind: 'image', mime_type: 'image/jpeg' })).toBe('refused');
	expect(await type(program, { mime_type: 'application/pdf', filename: 'boleto.pdf' })).toBe('refused');
	expect(await type(program, { filename: 'boleto.pdf.exe' })).toBe('application/octet-stream');
	expect(await type(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), { kind: 'audio' })).toBe('refused');
	expect(await type('<html>', { filename: 'site.html', mime_type: 'text/html' })).toBe('application/octet-stream');
});

test('an invoice in XML is an attachment, and text stays text', async () => {
	const invoice = '<?xml version="1.0" encoding="UTF-8"?><nfeProc xmlns="http://www.portalfiscal.inf.br/nfe"/>';
	expect(await type(invoice, { filename: 'nfe.xml', mime_type: 'text/xml' })).toBe('application/octet-stream');
	expect(await type('a;b\n1;2', { filename: 'lista.csv', mime_type: 'text/csv' })).toBe('text/csv');
	expect(await type('Olá', { mime_type: 'text/plain' })).toBe('text/plain');
	expect(await type('Olá\0', { mime_type: 'text/plain' })).toBe('application/octet-stream');
});

test('what nobody knows is an attachment with the ending of its name, if that is one', async () => {
	const unknown = Buffer.from('\u0001\u0002\u0003 something');
	expect(await about(unknown, { filename: 'planta.DWG' })).toMatchObject({ extension: 'dwg' });
	expect(await about(unknown, { filename: 'a/../b.x y' })).toMatchObject({ extension: 'bin' });
	expect(await about(unknown, { kind: 'image' })).toMatchObject({ mime_type: 'application/octet-stream' });
	expect(await about('', { kind: 'image' })).toMatchObject({ mime_type: 'application/octet-stream' });
});
