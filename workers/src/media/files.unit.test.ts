import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import type net from 'node:net';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { mayOpen, maySeeToken } from './addresses.ts';
import { describeFile } from './describe.ts';
import { download } from './download.ts';
import { withFolder } from './folder.ts';
import { hashOf } from './receive.ts';
import { animatedSticker, photo, video } from './samples.testing.ts';
import { waveformOf } from './voice.ts';

const graph = new URL('https://graph.facebook.com');
const servers: http.Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

test('the worker opens Meta’s shelves and its own Graph API, and no door into the network it stands in', () => {
	const opens = (url: string) => mayOpen(new URL(url), graph);
	expect(opens('https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1')).toBe(true);
	expect(opens('https://scontent.xx.fbcdn.net/v/t1')).toBe(true);
	expect(opens('https://mmg.whatsapp.net/x')).toBe(true);
	expect(opens('https://graph.facebook.com/v26.0/1')).toBe(true);
	for (const url of [
		'http://lookaside.fbsbx.com/x',
		'https://lookaside.fbsbx.com:8443/x',
		'https://user:secret@lookaside.fbsbx.com/x',
		'https://fbsbx.com.example.test/x',
		'https://evilfbsbx.com/x',
		'https://169.254.169.254/latest/meta-data',
		'http://localhost:5432',
		'file:///etc/passwd'
	]) {
		expect(opens(url), url).toBe(false);
	}
	expect(maySeeToken(new URL('https://lookaside.fbsbx.com/x'), graph)).toBe(true);
	expect(maySeeToken(new URL('https://scontent.xx.fbcdn.net/x'), graph)).toBe(false);
});

async function serve(answer: http.RequestListener): Promise<URL> {
	const server = http.createServer(answer);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return new URL(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}/file`);
}
const fetchFrom = (url: URL, more: { limit?: number; patience?: number } = {}) =>
	withFolder((folder) =>
		download({
			url: url.href,
			graph: url,
			token: 'secret',
			file: path.join(folder, 'file'),
			limit: 1000,
			signal: new AbortController().signal,
			...more
		})
	);

test('a body that is larger than it says, or says nothing, is cut off', async () => {
	const endless = await serve((_request, response) => {
		const more = () => response.write(Buffer.alloc(400)) && setImmediate(more);
		more();
		response.on('drain', more);
	});
	expect(await fetchFrom(endless)).toEqual({ type: 'too_large' });
	const honest = await serve((_request, response) => response.writeHead(200, { 'content-length': 5000 }).end());
	expect(await fetchFrom(honest)).toEqual({ type: 'too_large' });
});

test('a server that falls silent, or cuts off, is given up and asked again later', async () => {
	const silent = await serve((_request, response) => response.writeHead(200, { 'content-length': 500 }).write('a'));
	expect(await fetchFrom(silent, { patience: 60 })).toEqual({ type: 'unreached', reason: 'no byte came for 0.06 s' });
	const cut = await serve((request, response) => {
		response.writeHead(200, { 'content-length': 500 }).write('a');
		setImmediate(() => request.socket.destroy());
	});
	expect(await fetchFrom(cut)).toMatchObject({ type: 'unreached' });
	const broken = await serve((_request, response) => response.writeHead(503).end());
	expect(await fetchFrom(broken)).toEqual({ type: 'unreached', reason: 'HTTP 503' });
	const circle = await serve((_request, response) => response.writeHead(302, { location: '/file' }).end());
	expect(await fetchFrom(circle)).toMatchObject({ type: 'unreached' });
});

test('a hash reads the same in hex and in base64, and what is none is none', () => {
	const hex = 'ab'.repeat(32);
	expect(hashOf(hex.toUpperCase())).toBe(hex);
	expect(hashOf(Buffer.from(hex, 'hex').toString('base64'))).toBe(hex);
	for (const none of ['aGFzaA==', '', null, undefined]) expect(hashOf(none)).toBeNull();
});

const described = (bytes: Uint8Array, type: string) =>
	withFolder(async (folder) => {
		const file = path.join(folder, 'file');
		const thumbnail = path.join(folder, 'thumbnail.webp');
		await writeFile(file, bytes);
		const description = await describeFile(file, type, thumbnail);
		return { ...description, drawing: description.drawn ? await sharp(thumbnail).metadata() : null };
	});

test('a thumbnail stands upright and fits, an animation’s is its first picture', async () => {
	const { drawing, ...upright } = await described(photo(), 'image/jpeg');
	expect(upright).toMatchObject({ width: 1280, height: 960, animated: false });
	expect(drawing).toMatchObject({ format: 'webp', width: 480, height: 360 });
	expect(drawing?.orientation).toBeUndefined();
	const sticker = await described(animatedSticker(), 'image/webp');
	expect(sticker).toMatchObject({ width: 384, height: 384, animated: true });
	expect(sticker.drawing).toMatchObject({ width: 384, height: 384 });
	expect(sticker.drawing?.pages ?? 1).toBe(1);
});

test('a picture that would fill the memory, or is none, is a file without a thumbnail', async () => {
	const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: 'white' } })
		.png()
		.toBuffer();
	expect(bomb.length).toBeLessThan(2_000_000);
	const nothing = { width: null, height: null, drawn: false };
	expect(await described(bomb, 'image/png')).toMatchObject(nothing);
	expect(await described(photo().subarray(0, 3000), 'image/jpeg')).toMatchObject(nothing);
	const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
	expect(await described(drawing, 'image/png')).toMatchObject(nothing);
	expect(await described(video().subarray(0, 200), 'video/mp4')).toMatchObject({ width: null, duration_seconds: null });
});

test('a waveform shows where it is loud; silence is flat, and a click has its place', () => {
	expect(waveformOf([])).toEqual(new Array(64).fill(0));
	expect(waveformOf(new Array(500).fill(0))).toEqual(new Array(64).fill(0));
	const rising = waveformOf(Array.from({ length: 640 }, (_, index) => index / 640));
	expect(rising).toEqual([...rising].sort((one, other) => one - other));
	expect(rising.at(-1)).toBe(100);
	expect(waveformOf([0.1, 0.5])).toHaveLength(64);
});
