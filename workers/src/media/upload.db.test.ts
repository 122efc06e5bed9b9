import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { draftOf } from '../../../tests/database/media/arrange.ts';
import { NUMBERS, uuid } from '../../../tests/database/people.ts';
import { graphError, startTestMeta, type TestMeta } from './meta.testing.ts';
import { photo } from './samples.testing.ts';
import { startTestStorage, type TestStorage } from './storage.testing.ts';
import { createMediaStorage } from './storage.ts';
import { uploadMedia, type Upload } from './upload.ts';

const database = useDatabase();
let storage: TestStorage;
let meta: TestMeta;

beforeAll(async () => {
	storage = await startTestStorage(database.url('supabase_storage_admin'));
});
afterAll(() => storage.close());
beforeEach(async () => {
	meta = await startTestMeta();
});
afterEach(() => meta.close());

async function stored(bytes: Uint8Array, type = 'image/jpeg'): Promise<string> {
	const path = draftOf('caio', 'foto.jpg');
	await storage.put(path, bytes, type);
	return path;
}

function give(path: string, more: Partial<Upload> = {}, signal = new AbortController().signal) {
	const upload: Upload = {
		channelId: uuid('padaria channel'),
		phoneNumberId: NUMBERS.padaria,
		token: 'EAAtoken',
		path,
		mimeType: 'image/jpeg',
		filename: 'bolo de chocolate.jpg',
		...more
	};
	const deps = {
		db: database.worker,
		storage: createMediaStorage(storage),
		graph: { url: new URL(meta.url), version: 'v26.0' }
	};
	return uploadMedia(upload, deps, signal);
}

test('a stored file is given to Meta whole, with its type and name, and once', async () => {
	const bytes = Buffer.concat([photo(), Buffer.from('one')]);
	const path = await stored(bytes);
	expect(await give(path)).toEqual({ type: 'uploaded', media_id: '700001' });
	expect(await give(path)).toEqual({ type: 'uploaded', media_id: '700001' });
	expect(meta.uploads).toHaveLength(1);
	expect(meta.uploads[0]).toMatchObject({ type: 'image/jpeg', name: 'bolo de chocolate.jpg' });
	expect(meta.uploads[0]?.bytes.equals(bytes)).toBe(true);
	expect(meta.requests).toEqual([`POST /v26.0/${NUMBERS.padaria}/media`]);
	expect(meta.tokens).toEqual(['Bearer EAAtoken']);
});

test('the same picture at another path is known by its bytes; another number has it anew', async () => {
	const bytes = Buffer.concat([photo(), Buffer.from('two')]);
	await give(await stored(bytes));
	const twin = await stored(bytes);
	expect(await give(twin)).toEqual({ type: 'uploaded', media_id: '700001' });
	expect(meta.uploads).toHaveLength(1);
	const other = { channelId: uuid('oficina channel'), phoneNumberId: NUMBERS.oficina };
	expect(await give(twin, other)).toEqual({ type: 'uploaded', media_id: '700002' });
});

test('after 29 days it is uploaded again, before Meta forgets it', async () => {
	const path = await stored(Buffer.concat([photo(), Buffer.from('three')]));
	await give(path);
	await database.owner`update private.media_uploads set uploaded_at = now() - interval '29 days' where path = ${path}`;
	expect(await give(path)).toEqual({ type: 'uploaded', media_id: '700002' });
});

test('of a file whose type nobody named the bytes tell it', async () => {
	await give(await stored(Buffer.concat([photo(), Buffer.from('four')])), { mimeType: null });
	expect(meta.uploads[0]?.type).toBe('image/jpeg');
});

test('what Meta refuses, and what never got there, is told as a send’s would be, and remembered as nothing', async () => {
	const path = await stored(Buffer.concat([photo(), Buffer.from('five')]));
	meta.interrupt = (request, response) => {
		request.resume();
		graphError(response, 400, 131053, 'Media upload error');
		return true;
	};
	expect(await give(path)).toMatchObject({ type: 'refused', status: 400, error: { code: 131053 } });
	meta.interrupt = (request) => {
		request.socket.destroy();
		return true;
	};
	expect(await give(path)).toMatchObject({ type: 'unreached' });
	meta.interrupt = null;
	expect(await give(path)).toMatchObject({ type: 'uploaded' });
	expect(await give(draftOf('caio'))).toEqual({ type: 'missing' });
	await expect(give(path, { path: await stored(Buffer.from('late')) }, AbortSignal.abort())).rejects.toThrow();
});
