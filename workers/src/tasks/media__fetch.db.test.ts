import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import type { MediaContent } from '@prosa/core/whatsapp/content.ts';
import type { Message } from '@prosa/core/whatsapp/events.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, receive } from '../../../tests/database/deliveries.ts';
import { fileFrom, messageOf } from '../../../tests/database/media/arrange.ts';
import { NUMBERS, uuid } from '../../../tests/database/people.ts';
import { readEnvironment } from '../environment.ts';
import { createLog } from '../log.ts';
import { graphError, startTestMeta, type TestMeta } from '../media/meta.testing.ts';
import { animatedSticker, photo, video, voice } from '../media/samples.testing.ts';
import { startTestStorage, type TestStorage } from '../media/storage.testing.ts';
import { startWorker, type RunningWorker } from '../worker.ts';

const database = useDatabase();
const SECRETS_KEY = `k1:${randomBytes(32).toString('base64')}`;
const CHANNEL = uuid('padaria channel');
const JPEG = { bytes: photo(), mime_type: 'image/jpeg' };

let storage: TestStorage;
let meta: TestMeta;
let worker: RunningWorker | undefined;
let child: ChildProcess | undefined;
let scanUrl: string | undefined;
let phones = 0;

beforeAll(async () => {
	storage = await startTestStorage(database.url('supabase_storage_admin'));
	const keys = await readSecretKeys(SECRETS_KEY);
	for (const channel of [CHANNEL, uuid('oficina channel')]) {
		const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channel}:access_token`);
		await database.owner`
			insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
			values (${channel}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
	}
});
afterAll(() => storage.close());

beforeEach(async () => {
	meta = await startTestMeta();
});
afterEach(async () => {
	await worker?.stop();
	worker = undefined;
	child?.kill('SIGKILL');
	child = undefined;
	scanUrl = undefined;
	storage.down = false;
	await meta.close();
	await database.owner`delete from private.media_fetches`;
	await database.owner`delete from graphile_worker._private_jobs`;
});

const environment = () => ({
	SUPABASE_DB_URL: database.url('prosa_worker'),
	SUPABASE_URL: storage.url,
	SUPABASE_SERVICE_ROLE_KEY: storage.serviceRoleKey,
	SECRETS_KEY,
	GRAPH_API_URL: meta.url,
	LOG_LEVEL: 'error',
	...(scanUrl ? { MEDIA_SCAN_URL: scanUrl } : {})
});
const start = async () => {
	worker = await startWorker(readEnvironment(environment()), createLog('silent'));
};
const until = (what: () => Promise<void>, timeout = 10_000) => vi.waitFor(what, { timeout, interval: 20 });

/** A file from a phone of its own; gives the message's id at WhatsApp. */
async function arrives(content: Partial<MediaContent>, more: Partial<Message> = {}): Promise<string> {
	const phone = `55119876530${String(++phones).padStart(2, '0')}`;
	const event = fileFrom(phone, content, more);
	await receive(database.door, [delivery([event])]);
	return event.external_id;
}

const mediaOf = async (id: string) => (await messageOf(database.owner, id)).media;
const becomes = (id: string, status: string, timeout?: number) =>
	until(async () => expect((await mediaOf(id))?.status).toBe(status), timeout);
const dueNow = () =>
	database.owner`
	update private.media_fetches set due_at = now()`.then(() => database.owner`select private.wake_media(${CHANNEL})`);
const lying = async (id: string) => {
	const { tenant_id, id: message } = await messageOf(database.owner, id);
	const rows = await database.owner<{ name: string }[]>`
		select name from storage.objects where name like ${`${tenant_id}/${message}/%`} order by name`;
	return rows.map(({ name }) => name);
};

test('a photo comes whole, upright and with a thumbnail, and whoever sees the thread sees it', async () => {
	meta.files.set('900001', JPEG);
	const id = await arrives({ media_id: '900001', filename: null, mime_type: 'image/jpeg' });
	await start();
	await becomes(id, 'stored');
	const { tenant_id, id: message } = await messageOf(database.owner, id);
	const folder = `${tenant_id}/${message}`;
	expect(await mediaOf(id)).toMatchObject({
		path: `${folder}/original.jpg`,
		thumbnail: `${folder}/thumbnail.webp`,
		mime_type: 'image/jpeg',
		size: JPEG.bytes.length,
		width: 1280,
		height: 960,
		animated: false,
		error: null
	});
	const file = await storage.read(`${folder}/original.jpg`);
	expect(file?.bytes.equals(JPEG.bytes)).toBe(true);
	expect(file?.type).toBe('image/jpeg');
	const thumbnail = await storage.read(`${folder}/thumbnail.webp`);
	expect(thumbnail?.bytes.subarray(8, 12).toString()).toBe('WEBP');
	expect(meta.requests).toEqual(['GET /v26.0/900001', 'GET /files/900001']);
	expect(meta.tokens).toEqual(['Bearer EAAtoken', 'Bearer EAAtoken']);
	const seen = await database.as(
		'ana',
		(sql) => sql`select name from storage.objects where name like ${`${folder}/%`}`
	);
	expect(seen).toHaveLength(2);
});

test('a voice note has its length and its waveform, a video its size, a sticker says that it moves', async () => {
	meta.files.set('1', { bytes: voice(), mime_type: 'audio/ogg; codecs=opus' });
	meta.files.set('2', { bytes: video(), mime_type: 'video/mp4' });
	meta.files.set('3', { bytes: animatedSticker(), mime_type: 'image/webp' });
	const said = await arrives({ kind: 'audio', media_id: '1', mime_type: 'audio/ogg; codecs=opus', voice: true });
	const film = await arrives({ kind: 'video', media_id: '2', mime_type: 'video/mp4' });
	const sticker = await arrives({ kind: 'sticker', media_id: '3', mime_type: 'image/webp' });
	await start();
	for (const id of [said, film, sticker]) await becomes(id, 'stored');
	const heard = await mediaOf(said);
	expect(heard).toMatchObject({ mime_type: 'audio/ogg', duration_seconds: 6.21 });
	expect(heard?.waveform).toHaveLength(64);
	expect(new Set(heard?.waveform).size).toBeGreaterThan(20);
	expect(Math.max(...(heard?.waveform ?? []))).toBe(100);
	expect(await mediaOf(film)).toMatchObject({ mime_type: 'video/mp4', width: 480, height: 272, duration_seconds: 3 });
	expect(await mediaOf(sticker)).toMatchObject({ mime_type: 'image/webp', width: 384, height: 384, animated: true });
});

test('an address that has expired is asked for again', async () => {
	meta.files.set('900001', JPEG);
	let refusals = 0;
	meta.interrupt = (request, response) => {
		if (!request.url?.startsWith('/files') || ++refusals > 2) return false;
		response.writeHead(refusals === 1 ? 404 : 410).end();
		return true;
	};
	const id = await arrives({});
	await start();
	await becomes(id, 'stored');
	expect(meta.requests.filter((line) => line.includes('/v26.0/'))).toHaveLength(3);
});

test('bytes that are not the announced ones are never kept, and given up after a while', async () => {
	meta.files.set('900001', { ...JPEG, sha256: 'ab'.repeat(32) });
	const id = await arrives({});
	const announced = await arrives({ sha256: randomBytes(32).toString('base64'), media_id: '900002' });
	meta.files.set('900002', JPEG);
	await database.owner`update private.media_fetches set attempts = 2`;
	await start();
	await until(async () => {
		const rows = await database.owner`select from private.media_fetches where attempts = 3`;
		expect(rows).toHaveLength(2);
	});
	expect(await mediaOf(id)).toMatchObject({ status: 'pending' });
	await dueNow();
	await becomes(id, 'failed');
	await becomes(announced, 'failed');
	expect(await mediaOf(id)).toMatchObject({ path: null, error: { code: 'media_corrupt' } });
	expect(await lying(id)).toEqual([]);
	expect(await lying(announced)).toEqual([]);
});

test('what is larger than 100 MB is not even fetched', async () => {
	meta.files.set('900001', { ...JPEG, file_size: 105_000_000 });
	const id = await arrives({});
	await start();
	await becomes(id, 'failed');
	expect(await mediaOf(id)).toMatchObject({ error: { code: 'media_too_large' } });
	expect(meta.requests).toEqual(['GET /v26.0/900001']);
});

test('a page that pretends to be a photo is refused, one that is sent openly is an attachment', async () => {
	const page = { bytes: Buffer.from('<!doctype html><script>alert(1)</script>'), mime_type: 'image/jpeg' };
	meta.files.set('1', page);
	meta.files.set('2', page);
	meta.files.set('3', { bytes: Buffer.from('\u0001\u0002 nobody knows this'), mime_type: 'application/x-dwg' });
	const photo = await arrives({ media_id: '1' });
	const site = await arrives({ kind: 'document', media_id: '2', mime_type: 'text/html', filename: 'site.html' });
	const plan = await arrives({
		kind: 'document',
		media_id: '3',
		mime_type: 'application/x-dwg',
		filename: 'planta.dwg'
	});
	await start();
	await becomes(photo, 'refused');
	expect(await mediaOf(photo)).toMatchObject({ path: null, error: { code: 'media_type_mismatch' } });
	expect(await lying(photo)).toEqual([]);
	await becomes(site, 'stored');
	await becomes(plan, 'stored');
	for (const id of [site, plan]) expect(await mediaOf(id)).toMatchObject({ mime_type: 'application/octet-stream' });
	expect((await storage.read((await mediaOf(site))?.path ?? ''))?.type).toBe('application/octet-stream');
});

test('what the virus scanner refuses is not kept; while it does not answer nothing is', async () => {
	let verdict = 500;
	const scanned: number[] = [];
	const scanner = http.createServer((request, response) => {
		let size = 0;
		request
			.on('data', (chunk: Buffer) => (size += chunk.length))
			.on('end', () => {
				scanned.push(size);
				response.writeHead(verdict).end();
			});
	});
	await new Promise<void>((resolve) => scanner.listen(0, '127.0.0.1', resolve));
	scanUrl = `http://127.0.0.1:${(scanner.address() as net.AddressInfo).port}/scan`;
	try {
		meta.files.set('900001', JPEG);
		const id = await arrives({});
		await start();
		await until(async () => expect(scanned).toEqual([JPEG.bytes.length]));
		expect(await mediaOf(id)).toMatchObject({ status: 'pending' });
		verdict = 406;
		await until(async () => {
			await dueNow();
			expect((await mediaOf(id))?.status).toBe('refused');
		});
		expect(await mediaOf(id)).toMatchObject({ error: { code: 'media_infected' } });
		expect(await lying(id)).toEqual([]);
		verdict = 200;
		const clean = await arrives({});
		await becomes(clean, 'stored');
	} finally {
		scanner.closeAllConnections();
		scanner.close();
	}
});

test('a worker killed in the middle leaves nothing half done: the next one fetches it once more', async () => {
	meta.files.set('900001', JPEG);
	let hanging = false;
	meta.interrupt = (request, response) => {
		if (hanging || !request.url?.startsWith('/files')) return false;
		hanging = true;
		response.writeHead(200, { 'content-length': JPEG.bytes.length }).write(JPEG.bytes.subarray(0, 1000));
		return true;
	};
	const id = await arrives({});
	const main = new URL('../main.ts', import.meta.url).pathname;
	const killed = spawn(process.execPath, [main], { env: { ...process.env, ...environment() }, stdio: 'ignore' });
	child = killed;
	await until(async () => expect(hanging).toBe(true), 15_000);
	killed.kill('SIGKILL');
	await start();
	await becomes(id, 'stored', 40_000);
	expect(await lying(id)).toHaveLength(2);
	const file = await storage.read((await mediaOf(id))?.path ?? '');
	expect(file?.bytes.equals(JPEG.bytes)).toBe(true);
}, 60_000);

test('a token that no longer holds keeps the files until the channel is well again', async () => {
	meta.files.set('900001', JPEG);
	let valid = false;
	meta.interrupt = (_request, response) => {
		if (!valid) graphError(response, 401, 190, 'Session has expired');
		return !valid;
	};
	const id = await arrives({});
	await start();
	const channel = async () => {
		const [row] = await database.owner<{ status: string; status_detail: unknown }[]>`
			select status, status_detail from public.channels where id = ${CHANNEL}`;
		return row;
	};
	await until(async () => expect((await channel())?.status).toBe('attention'));
	expect((await channel())?.status_detail).toMatchObject({ code: 190 });
	const later = await arrives({});
	expect(await mediaOf(later)).toMatchObject({ status: 'pending' });
	const asked = meta.requests.length;
	valid = true;
	await database.owner`update public.channels set status = 'connected', status_detail = null where id = ${CHANNEL}`;
	await becomes(id, 'stored');
	await becomes(later, 'stored');
	expect(asked).toBe(1);
});

test('what could not be fetched within seven days has failed, in words that help', async () => {
	const id = await arrives({ media_id: '404' });
	const { id: message } = await messageOf(database.owner, id);
	// The same message, eight days ago.
	await database.owner`delete from private.media_fetches`;
	await database.owner`update public.messages set created_at = now() - interval '8 days' where id = ${message}`;
	await database.owner`
		insert into private.media_fetches (message_id, tenant_id, channel_id, message_created_at)
		select id, tenant_id, channel_id, created_at from public.messages where id = ${message}`;
	await start();
	await becomes(id, 'failed');
	expect(await mediaOf(id)).toMatchObject({ error: { code: 'media_expired' } });
});

test('what Meta never had is tried for half an hour, then said to be gone', async () => {
	const id = await arrives({ media_id: '404' });
	await database.owner`update private.media_fetches set attempts = 4`;
	await start();
	await until(async () => {
		expect(await database.owner`select from private.media_fetches where attempts = 5`).toHaveLength(1);
	});
	expect(await mediaOf(id)).toMatchObject({ status: 'pending' });
	await dueNow();
	await becomes(id, 'failed');
	expect(await mediaOf(id)).toMatchObject({ error: { code: 'media_gone' } });
});

test('an address that is none of Meta’s is never opened', async () => {
	const inner = await startTestMeta();
	inner.files.set('1', JPEG);
	try {
		const id = await arrives({ media_id: null, url: `${inner.url}/files/1` });
		const own = await arrives({ media_id: null, url: `${meta.url}/files/2` });
		meta.files.set('2', JPEG);
		const redirected = await arrives({ media_id: '3' });
		meta.files.set('3', JPEG);
		meta.interrupt = (request, response) => {
			if (request.url !== '/files/3') return false;
			response.writeHead(302, { location: `${inner.url}/files/1` }).end();
			return true;
		};
		await start();
		await becomes(own, 'stored');
		for (const each of [id, redirected]) {
			await becomes(each, 'failed');
			expect(await mediaOf(each)).toMatchObject({ error: { code: 'media_address_refused' } });
		}
		expect(inner.requests).toEqual([]);
	} finally {
		await inner.close();
	}
});

test('one company’s slow files do not hold up another’s', async () => {
	const slow: http.ServerResponse[] = [];
	meta.interrupt = (request, response) => {
		if (!request.url?.startsWith('/files/slow')) return false;
		slow.push(response);
		return true;
	};
	meta.files.set('slow', JPEG);
	meta.files.set('900001', JPEG);
	for (let count = 0; count < 6; count++) await arrives({ media_id: 'slow' });
	await start();
	await until(async () => expect(slow).toHaveLength(4));
	const other = await arrives({}, { phone_number_id: NUMBERS.oficina, waba_id: `${NUMBERS.oficina}9` });
	await becomes(other, 'stored');
	expect(slow).toHaveLength(4);
});

test('while storage is down nothing is lost', async () => {
	meta.files.set('900001', JPEG);
	storage.down = true;
	const id = await arrives({});
	await start();
	await until(async () => expect(meta.requests).toHaveLength(2));
	storage.down = false;
	await until(async () => {
		await dueNow();
		expect((await mediaOf(id))?.status).toBe('stored');
	});
});
