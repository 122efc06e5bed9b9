import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ShiftedClock } from '../index.ts';
import { samplePng } from '../src/media/sample_png.ts';
import { OFICINA, PADARIA, stage, type Stage } from './stage.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

async function upload(
	{ simulator }: Stage,
	bytes: Buffer,
	type: string,
	token = 'demo-token-padaria'
): Promise<{ status: number; body: Record<string, unknown> }> {
	const form = new FormData();
	form.set('messaging_product', 'whatsapp');
	form.set('file', new File([new Uint8Array(bytes)], 'arquivo', { type }));
	const answer = await fetch(`${simulator.url}/v26.0/${PADARIA}/media`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: form
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const download = (url: unknown, token: string | null = 'demo-token-padaria'): Promise<Response> =>
	fetch(String(url), token === null ? {} : { headers: { authorization: `Bearer ${token}` } });

test('an upload comes back byte for byte through its URL', async () => {
	const play = await stage();
	const bytes = samplePng(40, 30);
	const { body } = await upload(play, bytes, 'image/png');
	const media = await play.graph('GET', `/v26.0/${String(body['id'])}`);
	expect(media.body).toEqual({
		messaging_product: 'whatsapp',
		url: expect.stringContaining('/whatsapp_business/attachments/?mid=') as unknown,
		mime_type: 'image/png',
		sha256: createHash('sha256').update(bytes).digest('hex'),
		file_size: bytes.length,
		id: body['id']
	});
	const answer = await download(media.body['url']);
	expect(answer.headers.get('content-type')).toBe('image/png');
	expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

test('a media URL lives five minutes and needs the token of the number that owns the file', async () => {
	const clock = new ShiftedClock();
	const play = await stage({ clock });
	const { body } = await upload(play, samplePng(8, 8), 'image/png');
	const url = (await play.graph('GET', `/v26.0/${String(body['id'])}`)).body['url'];
	expect((await download(url, null)).status).toBe(401);
	expect((await download(url, 'nonsense')).status).toBe(401);
	expect((await download(url, 'demo-token-oficina')).status).toBe(404);
	expect((await download(`${String(url)}0`)).status).toBe(404);
	clock.advance(4.9 * MINUTE);
	expect((await download(url)).status).toBe(200);
	clock.advance(0.2 * MINUTE);
	expect((await download(url)).status).toBe(404);
	const fresh = (await play.graph('GET', `/v26.0/${String(body['id'])}`)).body['url'];
	expect((await download(fresh)).status).toBe(200);
});

test('uploads are kept thirty days, what a webhook announced seven', async () => {
	const clock = new ShiftedClock();
	const play = await stage({ clock });
	const { body } = await upload(play, samplePng(8, 8), 'image/png');
	await play.writes({ kind: 'image' });
	await play.until('the picture was announced', () => play.door.messages().length === 1);
	const announced = (play.door.messages()[0]?.['image'] as { id: string }).id;
	clock.advance(8 * DAY);
	expect((await play.graph('GET', `/v26.0/${announced}`)).body.error).toMatchObject({ code: 100, error_subcode: 33 });
	expect((await play.graph('GET', `/v26.0/${String(body['id'])}`)).status).toBe(200);
	clock.advance(23 * DAY);
	expect((await play.graph('GET', `/v26.0/${String(body['id'])}`)).status).toBe(400);
});

test('a deleted file is gone', async () => {
	const play = await stage();
	const { body } = await upload(play, samplePng(8, 8), 'image/png');
	const path = `/v26.0/${String(body['id'])}`;
	const url = (await play.graph('GET', path)).body['url'];
	expect((await play.graph('DELETE', path)).body).toEqual({ success: true });
	expect((await play.graph('GET', path)).status).toBe(400);
	expect((await download(url)).status).toBe(404);
});

test('another number’s file looks like none', async () => {
	const play = await stage();
	const { body } = await upload(play, samplePng(8, 8), 'image/png');
	const path = `/v26.0/${String(body['id'])}`;
	expect((await play.graph('GET', path, undefined, 'demo-token-oficina')).body.error?.code).toBe(100);
	expect((await play.graph('GET', `${path}?phone_number_id=${OFICINA}`)).body.error?.code).toBe(100);
});

test('a type Meta does not take is refused by name, a too large picture by size', async () => {
	const play = await stage();
	const exe = await upload(play, Buffer.from('MZ'), 'application/x-msdownload');
	expect(exe.status).toBe(400);
	expect(exe.body).toMatchObject({
		error: {
			code: 100,
			message: expect.stringMatching(
				/^\(#100\) Param file must be a file with one of the following types: audio\/aac, .*Received file of type 'application\/x-msdownload'\.$/
			) as unknown
		}
	});
	expect((await upload(play, Buffer.alloc(5 * 1024 * 1024 + 1), 'image/jpeg')).body).toMatchObject({
		error: { code: 131053 }
	});
});

test('a picture sent as audio is accepted and then fails with 131053', async () => {
	const play = await stage();
	const { body } = await upload(play, samplePng(8, 8), 'image/png');
	await play.sent({ type: 'audio', audio: { id: body['id'] } });
	await play.until('it failed', () => play.door.statuses().length === 1);
	expect(play.door.statuses()[0]).toMatchObject({ status: 'failed', errors: [{ code: 131053 }] });
});

test('the picture a customer sends is announced with its own hash', async () => {
	const play = await stage();
	await play.writes({ kind: 'image', caption: 'olha' });
	await play.until('it was announced', () => play.door.messages().length === 1);
	const image = play.door.messages()[0]?.['image'] as { url: string; sha256: string; mime_type: string };
	const bytes = Buffer.from(await (await download(image.url)).arrayBuffer());
	expect(createHash('sha256').update(bytes).digest('base64')).toBe(image.sha256);
});

test('whoever chooses no file sends a real one of its kind', async () => {
	const play = await stage();
	const kinds = ['image', 'voice', 'audio', 'video', 'sticker', 'document'] as const;
	const magic: Record<(typeof kinds)[number], RegExp> = {
		image: /^\xff\xd8\xff/,
		voice: /^OggS.*OpusHead/s,
		audio: /^OggS.*OpusHead/s,
		video: /^....ftyp/s,
		sticker: /^RIFF....WEBP/s,
		document: /^%PDF/
	};
	for (const kind of kinds) {
		const before = play.door.messages().length;
		await play.writes({ kind });
		await play.until(`the ${kind} was announced`, () => play.door.messages().length > before);
		const message = play.door.messages()[before];
		const part = message?.[String(message['type'])] as { id: string; mime_type: string };
		const { body } = await play.graph('GET', `/v26.0/${part.id}`);
		const bytes = Buffer.from(await (await download(body['url'])).arrayBuffer());
		expect(bytes.toString('latin1'), kind).toMatch(magic[kind]);
		expect(bytes.length, kind).toBeLessThan(100_000);
	}
});
