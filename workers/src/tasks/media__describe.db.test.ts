import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, receive, textFrom } from '../../../tests/database/deliveries.ts';
import { draftOf, type StoredMessage } from '../../../tests/database/media/arrange.ts';
import { uuid } from '../../../tests/database/people.ts';
import { readEnvironment } from '../environment.ts';
import { createLog } from '../log.ts';
import { startTestMeta, type TestMeta } from '../media/meta.testing.ts';
import { photo, voice } from '../media/samples.testing.ts';
import { createMediaStorage } from '../media/storage.ts';
import { startTestStorage, type TestStorage } from '../media/storage.testing.ts';
import { startWorker, type RunningWorker } from '../worker.ts';

const database = useDatabase();
const SECRETS_KEY = `k1:${randomBytes(32).toString('base64')}`;
const CHANNEL = uuid('padaria channel');
let storage: TestStorage;
let meta: TestMeta;
let worker: RunningWorker | undefined;
let conversation: string;

beforeAll(async () => {
	storage = await startTestStorage(database.url('supabase_storage_admin'));
	const keys = await readSecretKeys(SECRETS_KEY);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${CHANNEL}:access_token`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${CHANNEL}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
	await receive(database.door, [delivery([textFrom('5511987654001', 'Manda uma foto?')])]);
	const [row] = await database.owner<{ id: string }[]>`select id from public.conversations`;
	conversation = row?.id ?? '';
});
afterAll(() => storage.close());
beforeEach(async () => {
	meta = await startTestMeta();
});
afterEach(async () => {
	await worker?.stop();
	worker = undefined;
	await meta.close();
});

const start = async () => {
	worker = await startWorker(
		readEnvironment({
			SUPABASE_DB_URL: database.url('prosa_worker'),
			SUPABASE_URL: storage.url,
			SUPABASE_SERVICE_ROLE_KEY: storage.serviceRoleKey,
			SECRETS_KEY,
			GRAPH_API_URL: meta.url
		}),
		createLog('silent')
	);
};
const until = (what: () => Promise<void>) => vi.waitFor(what, { timeout: 10_000, interval: 20 });

async function anaSends(content: Record<string, unknown> & { mime_type: string }, bytes: Buffer): Promise<string> {
	const path = draftOf('ana', String(content.filename ?? 'arquivo'));
	await storage.put(path, bytes, content.mime_type);
	const said = { ...content, path, size: bytes.length };
	const [row] = await database.as(
		'ana',
		(sql) => sql<{ id: string }[]>`
			select * from public.send_message(${conversation}, ${randomUUID()}, ${sql.json(said)})`
	);
	return row?.id ?? '';
}

async function message(id: string): Promise<StoredMessage | undefined> {
	const [row] = await database.owner<StoredMessage[]>`
		select id, tenant_id, conversation_id, created_at::text, kind, status, media from public.messages where id = ${id}`;
	return row;
}

test('a photo that an agent sends reaches Meta, and looks here as a received one does', async () => {
	const id = await anaSends({ kind: 'image', mime_type: 'image/jpeg', caption: 'Saiu do forno' }, photo());
	expect((await message(id))?.media).toMatchObject({ status: 'stored', thumbnail: null, size: photo().length });
	await start();
	await until(async () => expect((await message(id))?.media?.thumbnail).toBeTruthy());
	const described = await message(id);
	expect(described?.media).toMatchObject({
		status: 'stored',
		mime_type: 'image/jpeg',
		width: 1280,
		height: 960,
		thumbnail: `${uuid('padaria')}/${id}/thumbnail.webp`
	});
	expect((await storage.read(described?.media?.thumbnail ?? ''))?.type).toBe('image/webp');
	const seen = await database.as(
		'sofia',
		(sql) =>
			sql`select from storage.objects where name in (${described?.media?.path ?? ''}, ${described?.media?.thumbnail ?? ''})`
	);
	expect(seen).toHaveLength(2);

	await until(async () => expect((await message(id))?.status).toBe('sent'));
	expect(meta.uploads[0]?.bytes.equals(photo())).toBe(true);
	expect(meta.sent[0]).toMatchObject({ type: 'image', image: { id: '700001', caption: 'Saiu do forno' } });
});

test('a voice recorded in the browser has its waveform on our side too', async () => {
	const id = await anaSends({ kind: 'audio', mime_type: 'audio/ogg; codecs=opus', voice: true }, voice());
	await start();
	await until(async () => expect((await message(id))?.media?.waveform).toHaveLength(64));
	expect((await message(id))?.media).toMatchObject({ duration_seconds: 6.21, thumbnail: null });
	await until(async () => expect((await message(id))?.status).toBe('sent'));
	expect(meta.sent[0]).toMatchObject({ type: 'audio', audio: { voice: true } });
});

test('what was attached and not sent for a day is thrown away, file and row; what was sent stays', async () => {
	const forgotten = draftOf('ana', 'nunca.png');
	const fresh = draftOf('ana', 'agora.png');
	for (const path of [forgotten, fresh]) await storage.put(path, photo(), 'image/png');
	const id = await anaSends({ kind: 'image', mime_type: 'image/jpeg' }, photo());
	const sent = (await message(id))?.media?.path ?? '';
	await database.owner`
		update storage.objects set created_at = now() - interval '25 hours' where name in (${forgotten}, ${sent})`;
	await start();
	await database.owner`select graphile_worker.add_job('media__purge')`;
	await until(async () => expect(await storage.read(forgotten)).toBeNull());
	const rows = await database.owner<{ name: string }[]>`
		select name from storage.objects where name in (${forgotten}, ${fresh}, ${sent})`;
	expect(rows.map(({ name }) => name).sort()).toEqual([fresh, sent].sort());
});

test('storage says that a file is not there, and nothing else passes for it', async () => {
	const client = createMediaStorage(storage);
	const { signal } = new AbortController();
	expect(await client.get('nowhere/file', '/dev/null', 10, signal)).toBeNull();
	storage.down = true;
	await expect(client.get('nowhere/file', '/dev/null', 10, signal)).rejects.toThrow();
	storage.down = false;
});
