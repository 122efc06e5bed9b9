import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProject, type Project } from './auth_project.ts';

let project: Project;
beforeAll(async () => {
	project = await startProject({ storage: { fileSizeLimit: 10_000_000 } });
	await project.sql.unsafe(`
		create policy "own folder" on storage.objects to authenticated
			using (bucket_id = 'media' and (storage.foldername(name))[1] = auth.uid()::text)
			with check (bucket_id = 'media' and (storage.foldername(name))[1] = auth.uid()::text);
	`);
	await project.admin.storage.createBucket('media');
	await project.admin.storage.createBucket('open', { public: true });
});
afterAll(() => project.stop());

const people = new Map<string, Promise<{ client: SupabaseClient; id: string; token: string }>>();
const signIn = async (name: string) => {
	const { client, id } = await project.person(name);
	return { client, id, token: (await client.auth.getSession()).data.session!.access_token };
};
/** Somebody with a folder of their own in the private bucket `media`; each test gets a fresh one below it. */
const person = async (name = 'ana') => {
	if (!people.has(name)) people.set(name, signIn(name));
	const { client, id, token } = await people.get(name)!;
	const folder = `${id}/${crypto.randomUUID()}`;
	return { id, token, folder, media: client.storage.from('media'), path: (file: string) => `${folder}/${file}` };
};
const get = (path: string, token: string, headers: Record<string, string> = {}, method = 'GET') =>
	project.request(`/storage/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
/** All files below a folder. */
const filesBelow = async (folder: string) =>
	(await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

test.each([
	['as a form', () => new Blob(['olá, mundo'], { type: 'text/plain' })],
	['as it is', () => Buffer.from('olá, mundo')],
	['as a stream', () => Readable.from([Buffer.from('olá, '), Buffer.from('mundo')])],
	['as a text', () => 'olá, mundo']
])('a file sent %s comes back the same', async (_how, body) => {
	const { media, path, id, token } = await person();
	const { data, error } = await media.upload(path('nota.txt'), body(), {
		contentType: 'text/plain',
		metadata: { caption: 'Olá ☕' },
		cacheControl: '60'
	});
	expect(error).toBeNull();
	expect(data).toEqual({
		id: expect.stringMatching(/^[0-9a-f-]{36}$/),
		path: path('nota.txt'),
		fullPath: `media/${path('nota.txt')}`
	});
	expect(await (await media.download(path('nota.txt'))).data!.text()).toBe('olá, mundo');

	const response = await get(`/object/authenticated/media/${path('nota.txt')}`, token);
	expect(Object.fromEntries(response.headers)).toMatchObject({
		'content-type': 'text/plain',
		'content-length': '11',
		'cache-control': 'max-age=60',
		'accept-ranges': 'bytes',
		etag: `"${createHash('md5').update('olá, mundo').digest('hex')}"`,
		'last-modified': expect.stringMatching(/GMT$/)
	});
	const { data: info } = await media.info(path('nota.txt'));
	expect(info).toMatchObject({
		id: data!.id,
		name: path('nota.txt'),
		bucketId: 'media',
		size: 11,
		contentType: 'text/plain',
		cacheControl: 'max-age=60',
		metadata: { caption: 'Olá ☕' }
	});
	const [row] = await project.sql`select owner, owner_id, version from storage.objects where id = ${data!.id}`;
	expect(row).toMatchObject({ owner: id, owner_id: id });
	expect(await readFile(join(project.filesDir, 'media', data!.id, row!['version']), 'utf8')).toBe('olá, mundo');
});

test('megabytes of any bytes survive, form boundaries among them', async () => {
	const { media, path } = await person();
	const bytes = Buffer.concat([
		Buffer.from('\r\n--'),
		randomBytes(3_000_000),
		Buffer.from('\r\n------\r\n--'),
		randomBytes(100)
	]);
	for (const body of [new Blob([bytes]), bytes]) {
		expect(
			(await media.upload(path('big.bin'), body, { upsert: true, contentType: 'application/octet-stream' })).error
		).toBeNull();
		const back = Buffer.from(await (await media.download(path('big.bin'))).data!.arrayBuffer());
		expect(back.equals(bytes)).toBe(true);
	}
});

test('an empty file is a file', async () => {
	const { media, path } = await person();
	expect((await media.upload(path('empty'), new Blob([]))).error).toBeNull();
	expect((await (await media.download(path('empty'))).data!.arrayBuffer()).byteLength).toBe(0);
});

test('a second upload to the same name is refused, an upsert replaces the file and leaves none behind', async () => {
	const { media, path } = await person();
	const first = await media.upload(path('a.txt'), 'one');
	expect((await media.upload(path('a.txt'), 'two')).error).toMatchObject({
		status: 400,
		statusCode: '409',
		message: 'The resource already exists'
	});
	const second = await media.upload(path('a.txt'), 'three', { upsert: true });
	expect(second.data!.id).toBe(first.data!.id);
	expect(await (await media.download(path('a.txt'))).data!.text()).toBe('three');
	expect(await filesBelow(join(project.filesDir, 'media', first.data!.id))).toHaveLength(1);
	expect((await media.update(path('a.txt'), 'four')).error).toBeNull();
	expect(await (await media.download(path('a.txt'))).data!.text()).toBe('four');
	expect(await filesBelow(join(project.filesDir, 'media', first.data!.id))).toHaveLength(1);
});

test('ten upserts at once leave one row and the file of that row', async () => {
	const { media, path } = await person();
	const all = await Promise.all(
		Array.from({ length: 10 }, (_, index) => media.upload(path('race'), `text ${index}`, { upsert: true }))
	);
	expect(all.map(({ error }) => error)).toEqual(Array(10).fill(null));
	const text = await (await media.download(path('race'))).data!.text();
	expect(text).toMatch(/^text \d$/);
	expect(await filesBelow(join(project.filesDir, 'media', all[0]!.data!.id))).toHaveLength(1);
});

test('somebody else’s folder is closed in every way there is', async () => {
	const ana = await person('ana');
	const bruno = await person('bruno');
	await ana.media.upload(ana.path('secret.txt'), 'secret');
	const visitor = project.visitor().storage.from('media');
	for (const media of [bruno.media, visitor]) {
		const target = ana.path('secret.txt');
		expect((await media.download(target)).error).toBeTruthy();
		expect((await media.info(target)).error).toMatchObject({ statusCode: '404' });
		expect((await media.exists(target)).data).toBe(false);
		expect((await media.list(ana.folder)).data).toEqual([]);
		expect((await media.createSignedUrl(target, 60)).error).toMatchObject({
			statusCode: '404',
			message: 'Object not found'
		});
		expect((await media.createSignedUrls([target], 60)).data).toMatchObject([
			{ signedURL: null, error: expect.stringContaining('do not have access') }
		]);
		expect((await media.createSignedUploadUrl(ana.path('mine'))).error).toMatchObject({ statusCode: '403' });
		expect((await media.upload(ana.path('mine'), 'x')).error).toMatchObject({
			statusCode: '403',
			message: 'new row violates row-level security policy'
		});
		expect((await media.upload(target, 'x', { upsert: true })).error).toMatchObject({ statusCode: '403' });
		expect((await media.update(target, 'x')).error).toMatchObject({ statusCode: '403' });
		expect((await media.move(target, bruno.path('stolen'))).error).toMatchObject({ statusCode: '404' });
		expect((await media.copy(target, bruno.path('stolen'))).error).toMatchObject({ statusCode: '404' });
		expect((await media.remove([target])).data).toEqual([]);
	}
	expect((await bruno.media.upload(bruno.path('x'), 'x')).error).toBeNull();
	expect((await bruno.media.move(bruno.path('x'), ana.path('planted'))).error).toMatchObject({ statusCode: '403' });
	expect((await bruno.media.copy(bruno.path('x'), ana.path('planted'))).error).toMatchObject({ statusCode: '403' });
	expect((await bruno.media.list(bruno.folder)).data!.map(({ name }) => name)).toEqual(['x']);
	expect(await (await ana.media.download(ana.path('secret.txt'))).data!.text()).toBe('secret');
	expect((await ana.media.list(ana.folder)).data!.map(({ name }) => name)).toEqual(['secret.txt']);
});

test('a refused upload leaves no file', async () => {
	const { media } = await person();
	const before = await filesBelow(project.filesDir);
	await media.upload('elsewhere/x', 'x');
	await media.upload('elsewhere/x', new Blob(['x']));
	expect(await filesBelow(project.filesDir)).toEqual(before);
});

test('a forged, unsigned or expired token opens nothing; none at all is asked for', async () => {
	const { token, path, media, id } = await person();
	await media.upload(path('a'), 'a');
	const [header, payload] = token.split('.') as [string, string];
	const none = Buffer.from('{"alg":"none"}').toString('base64url');
	for (const bad of [
		`${header}.${payload}.AAAA`,
		`${none}.${payload}.`,
		await project.jwt.sign({ role: 'service_role', exp: 1 })
	]) {
		const response = await get(`/object/authenticated/media/${path('a')}`, bad);
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ statusCode: '403', error: 'Unauthorized' });
	}
	const nobody = await fetch(`${project.url}/storage/v1/object/authenticated/media/${path('a')}`);
	expect([nobody.status, (await nobody.json()).message]).toEqual([
		400,
		"headers must have required property 'authorization'"
	]);
	for (const role of ['none', 'supabase_storage_admin', 'supabase_admin', 'postgres', 'nobody"; drop table x']) {
		const response = await get(`/object/authenticated/media/${path('a')}`, await project.jwt.sign({ role, sub: id }));
		expect([role, (await response.json()).statusCode]).toEqual([role, '403']);
	}
});

test('names that mean to climb out stay names, and a bucket called .. has a folder inside', async () => {
	await project.sql`insert into storage.buckets (id, name, public) values ('..', '..', true), ('a/../../b', 'a/../../b', true)`;
	const put = (path: string) =>
		new Promise<{ status: number; body: string }>((resolve, reject) => {
			const { hostname, port } = new URL(project.url);
			const request = httpRequest(
				{
					hostname,
					port,
					method: 'POST',
					path,
					headers: { authorization: `Bearer ${service}`, 'content-type': 'text/plain' }
				},
				(response) => {
					let body = '';
					response
						.on('data', (chunk) => (body += chunk))
						.on('end', () => resolve({ status: response.statusCode!, body }));
				}
			);
			request.on('error', reject).end('climb');
		});
	const service = await project.jwt.sign({ role: 'service_role' });
	const outside = join(project.filesDir, '..');
	const before = (await filesBelow(outside)).filter(
		(file) => !file.startsWith(project.filesDir) && !file.includes('/postgres/')
	);
	for (const path of [
		'/storage/v1/object/media/../../../x',
		'/storage/v1/object/media/..%2f..%2f..%2fx',
		'/storage/v1/object/media/%2e%2e/%2e%2e/x',
		'/storage/v1/object/media/..%5c..%5cx',
		'/storage/v1/object/media//etc/passwd',
		'/storage/v1/object/..%2f/x',
		'/storage/v1/object/%2e%2e%2f%2e%2e/x',
		'/storage/v1/object/a%2f..%2f..%2fb/x',
		'/storage/v1/object/media/nul%00byte',
		'/storage/v1/object/media/%ff'
	]) {
		await put(path);
	}
	expect(
		(await filesBelow(outside)).filter((file) => !file.startsWith(project.filesDir) && !file.includes('/postgres/'))
	).toEqual(before);
	for (const file of await filesBelow(project.filesDir)) {
		expect(file.slice(project.filesDir.length)).toMatch(/^\/[\w%.-]+\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/);
	}
	expect((await put('/storage/v1/object/media/nul%00byte')).body).toContain('InvalidKey');
});

test.each(['', 'ação.txt', 'a\\b', 'a#b', 'a%b', 'a"b', 'a<b', 'a\nb', '😀', 'x'.repeat(1025)])(
	'the name %j is refused as Storage refuses it',
	async (name) => {
		const service = await project.jwt.sign({ role: 'service_role' });
		const response = await project.request('/storage/v1/object/copy', {
			method: 'POST',
			headers: { authorization: `Bearer ${service}` },
			body: JSON.stringify({ bucketId: 'open', sourceKey: 'a', destinationKey: name })
		});
		expect(await response.json()).toMatchObject({
			statusCode: '400',
			error: 'InvalidKey',
			message: `Invalid key: ${name}`
		});
	}
);

test.each(["it's (1)!.txt", 'a&b=c@d;e:f+g,h$i*j', 'deep/er/and/deeper', 'with space'])(
	'the name %j is taken and comes back',
	async (name) => {
		const { media, path } = await person();
		expect((await media.upload(path(name), 'here')).error).toBeNull();
		expect(await (await media.download(path(name))).data!.text()).toBe('here');
		const { data } = await media.createSignedUrl(path(name), 60);
		expect(await (await fetch(data!.signedUrl)).text()).toBe('here');
	}
);

test.each([
	['bytes=0-4', 206, 'bytes 0-4/10', '01234'],
	['bytes=5-', 206, 'bytes 5-9/10', '56789'],
	['bytes=-3', 206, 'bytes 7-9/10', '789'],
	['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
	['bytes=8-99', 206, 'bytes 8-9/10', '89'],
	['bytes=9-9', 206, 'bytes 9-9/10', '9'],
	['bytes=10-', 416, 'bytes */10', null],
	['bytes=-0', 416, 'bytes */10', null],
	['bytes=4-2', 200, null, '0123456789'],
	['bytes=0-1,4-5', 200, null, '0123456789'],
	['bytes=-', 200, null, '0123456789'],
	['lines=0-1', 200, null, '0123456789'],
	['bytes=99999999999999999999999-', 416, 'bytes */10', null]
])('a download with Range %s answers %i', async (range, status, contentRange, body) => {
	const { media, path, token } = await person();
	await media.upload(path('ten'), '0123456789');
	const response = await get(`/object/authenticated/media/${path('ten')}`, token, { range });
	expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange]);
	if (body !== null) {
		expect(response.headers.get('content-length')).toBe(String(body.length));
		expect(await response.text()).toBe(body);
	}
	const head = await get(`/object/authenticated/media/${path('ten')}`, token, { range }, 'HEAD');
	expect([head.status, head.headers.get('content-range'), await head.text()]).toEqual([status, contentRange, '']);
});

test('a copy that is still good is not sent again, and half of an old one is not mixed with a new one', async () => {
	const { media, path, token } = await person();
	await media.upload(path('doc'), 'version one');
	const address = `/object/authenticated/media/${path('doc')}`;
	const first = await get(address, token);
	const etag = first.headers.get('etag')!;
	const modified = first.headers.get('last-modified')!;
	expect((await get(address, token, { 'if-none-match': etag })).status).toBe(304);
	expect((await get(address, token, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
	expect((await get(address, token, { 'if-none-match': '"x"' })).status).toBe(200);
	expect((await get(address, token, { 'if-modified-since': modified })).status).toBe(304);
	expect((await get(address, token, { 'if-modified-since': modified, 'if-none-match': '"x"' })).status).toBe(200);
	expect((await get(address, token, { range: 'bytes=0-2', 'if-range': etag })).status).toBe(206);
	await media.update(path('doc'), 'version two');
	expect((await get(address, token, { range: 'bytes=0-2', 'if-range': etag })).status).toBe(200);
	expect((await get(address, token, { 'if-none-match': etag })).status).toBe(200);
});

test('a signed address opens its one object for anybody, until it expires', async () => {
	const { media, path } = await person();
	await media.upload(path('a.txt'), 'signed');
	await media.upload(path('b.txt'), 'other');
	const { data } = await media.createSignedUrl(path('a.txt'), 60, { download: 'report.txt' });
	const response = await fetch(data!.signedUrl);
	expect(await response.text()).toBe('signed');
	expect(response.headers.get('content-disposition')).toBe(
		"attachment; filename=report.txt; filename*=UTF-8''report.txt;"
	);
	const accented = await fetch(data!.signedUrl.replace('report', encodeURIComponent('relatório')));
	expect(accented.headers.get('content-disposition')).toContain("filename*=UTF-8''relat%C3%B3rio.txt;");
	expect(Date.parse(response.headers.get('expires')!) - Date.now()).toBeGreaterThan(50_000);
	expect((await fetch(data!.signedUrl, { headers: { range: 'bytes=0-2' } })).status).toBe(206);
	expect((await fetch(data!.signedUrl, { method: 'HEAD' })).headers.get('content-length')).toBe('6');

	const refusal = async (url: string) => {
		const answer = await fetch(url);
		return [answer.status, (await answer.json()).error];
	};
	expect(await refusal(data!.signedUrl.replace('a.txt', 'b.txt'))).toEqual([400, 'InvalidSignature']);
	expect(await refusal(data!.signedUrl.replace(/token=.{20}/, 'token='))).toEqual([400, 'InvalidJWT']);
	expect(await refusal(data!.signedUrl.replace(/\?.*/, ''))).toEqual([400, 'Error']);
	const session = await project.jwt.sign({ role: 'service_role' });
	expect(await refusal(data!.signedUrl.replace(/token=[^&]*/, `token=${session}`))).toEqual([400, 'InvalidSignature']);
	const claims = { type: 'storage/download', url: `media/${path('a.txt')}` };
	const expired = await project.jwt.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 });
	expect(await refusal(data!.signedUrl.replace(/token=[^&]*/, `token=${expired}`))).toEqual([400, 'InvalidJWT']);
	expect((await media.createSignedUrl(path('a.txt'), 0)).error).toMatchObject({ statusCode: '400' });

	await media.remove([path('a.txt')]);
	expect(await refusal(data!.signedUrl)).toEqual([400, 'not_found']);
});

test('many addresses are signed at once, each for itself', async () => {
	const { media, path } = await person();
	await media.upload(path('a'), 'A');
	const { data } = await media.createSignedUrls([path('a'), path('missing')], 60, { download: true });
	expect(data).toMatchObject([
		{ path: path('a'), error: null },
		{ path: path('missing'), signedUrl: null }
	]);
	const response = await fetch(data![0]!.signedUrl!);
	expect([await response.text(), response.headers.get('content-disposition')]).toEqual(['A', 'attachment;']);
});

test('a signed upload address takes a file from whoever holds it, once, and reads nothing', async () => {
	const { media, path, id } = await person();
	const { data } = await media.createSignedUploadUrl(path('up.txt'));
	const visitor = project.visitor().storage.from('media');
	expect((await visitor.uploadToSignedUrl(path('other.txt'), data!.token, 'x')).error).toMatchObject({
		statusCode: '400'
	});
	expect((await visitor.uploadToSignedUrl(path('up.txt'), data!.token, new Blob(['from outside']))).data).toEqual({
		path: path('up.txt'),
		fullPath: `media/${path('up.txt')}`
	});
	expect((await visitor.uploadToSignedUrl(path('up.txt'), data!.token, 'again')).error).toMatchObject({
		statusCode: '409'
	});
	expect(await (await media.download(path('up.txt'))).data!.text()).toBe('from outside');
	const [row] = await project.sql`select owner_id from storage.objects where name = ${path('up.txt')}`;
	expect(row).toEqual({ owner_id: id });
	const read = await fetch(`${project.url}/storage/v1/object/sign/media/${path('up.txt')}?token=${data!.token}`);
	expect([read.status, (await read.json()).error]).toEqual([400, 'InvalidSignature']);
	const { data: twice } = await media.createSignedUploadUrl(path('up.txt'), { upsert: true });
	expect((await visitor.uploadToSignedUrl(path('up.txt'), twice!.token, 'replaced')).error).toBeNull();
	expect(await (await media.download(path('up.txt'))).data!.text()).toBe('replaced');
});

test('a public bucket is read by everybody and written by nobody uninvited', async () => {
	await project.admin.storage.from('open').upload('logo.svg', new Blob(['<svg/>'], { type: 'image/svg+xml' }));
	const { publicUrl } = project.visitor().storage.from('open').getPublicUrl('logo.svg', { download: true }).data;
	const response = await fetch(publicUrl);
	expect([response.status, response.headers.get('content-disposition'), await response.text()]).toEqual([
		200,
		'attachment;',
		'<svg/>'
	]);
	expect((await fetch(`${project.url}/storage/v1/object/open/logo.svg`)).status).toBe(200);
	expect((await project.visitor().storage.from('open').upload('mine', 'x')).error).toMatchObject({ statusCode: '403' });
	expect((await project.visitor().storage.from('open').list()).data).toEqual([]);
	const closed = await fetch(`${project.url}/storage/v1/object/public/media/anything`);
	expect([closed.status, (await closed.json()).error]).toEqual([400, 'Bucket not found']);
});

test('a page uploaded is not served as a page', async () => {
	await project.admin.storage
		.from('open')
		.upload('x.html', new Blob(['<script>alert(1)</script>'], { type: 'text/html' }));
	const response = await fetch(project.visitor().storage.from('open').getPublicUrl('x.html').data.publicUrl);
	expect([response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual([
		'text/plain',
		'nosniff'
	]);
});

test('headers cannot be smuggled in with a content type or a file name', async () => {
	const { token, path, media } = await person();
	const form = [
		'--b',
		'content-disposition: form-data; name="cacheControl"',
		'',
		'1\r\nset-cookie: a=b',
		'--b',
		'content-disposition: form-data; name=""; filename="x"',
		'',
		'x',
		'--b--',
		''
	].join('\r\n');
	const response = await project.request(`/storage/v1/object/media/${path('x')}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' },
		body: form
	});
	expect(response.status).toBe(400);
	await media.upload(path('y'), 'y');
	const named = await get(
		`/object/authenticated/media/${path('y')}?download=${encodeURIComponent('a\r\nset-cookie: b=c')}`,
		token
	);
	expect([named.status, named.headers.get('set-cookie')]).toEqual([200, null]);
});

test('moving keeps the object, copying makes another', async () => {
	const { media, path, id } = await person();
	const { data: original } = await media.upload(path('a.txt'), 'content', { metadata: { caption: 'x' } });
	expect((await media.move(path('a.txt'), path('sub/b.txt'))).data).toMatchObject({ message: 'Successfully moved' });
	expect((await media.exists(path('a.txt'))).data).toBe(false);
	expect((await media.info(path('sub/b.txt'))).data).toMatchObject({ id: original!.id });
	expect((await media.copy(path('sub/b.txt'), path('c.txt'))).data).toEqual({ path: `media/${path('c.txt')}` });
	expect((await media.info(path('c.txt'))).data).toMatchObject({
		metadata: { caption: 'x' },
		contentType: 'text/plain;charset=UTF-8'
	});
	expect((await media.copy(path('sub/b.txt'), path('c.txt'))).error).toMatchObject({ statusCode: '409' });
	expect((await media.move(path('sub/b.txt'), path('c.txt'))).error).toMatchObject({ statusCode: '409' });
	await media.remove([path('sub/b.txt')]);
	expect(await (await media.download(path('c.txt'))).data!.text()).toBe('content');

	const across = await project.admin.storage
		.from('media')
		.move(path('c.txt'), `${id}.txt`, { destinationBucket: 'open' });
	expect(across.error).toBeNull();
	expect(
		await (await fetch(project.visitor().storage.from('open').getPublicUrl(`${id}.txt`).data.publicUrl)).text()
	).toBe('content');
	expect((await media.exists(path('c.txt'))).data).toBe(false);
});

test('removing answers what is gone and takes the files along', async () => {
	const { media, path } = await person();
	const { data } = await media.upload(path('a'), 'a');
	const folder = join(project.filesDir, 'media', data!.id);
	expect(await filesBelow(folder)).toHaveLength(1);
	expect((await media.remove([path('a'), path('never')])).data).toMatchObject([
		{ id: data!.id, name: path('a'), bucket_id: 'media' }
	]);
	expect(await filesBelow(folder)).toEqual([]);
});

test('rows cannot be deleted by hand, because their files would stay', async () => {
	await expect(
		project.sql.begin(async (tx) => {
			await tx`set local role postgres`;
			await tx`delete from storage.objects`;
		})
	).rejects.toThrow('Direct deletion from storage tables is not allowed');
});

test('a sender who leaves halfway leaves nothing behind', async () => {
	const { token, path, media } = await person();
	const { hostname, port } = new URL(project.url);
	await new Promise<void>((resolve) => {
		const request = httpRequest({
			hostname,
			port,
			method: 'POST',
			path: `/storage/v1/object/media/${path('half')}`,
			headers: { authorization: `Bearer ${token}`, 'content-length': 1_000_000 }
		});
		request.on('error', () => resolve());
		request.write(randomBytes(500_000));
		setTimeout(() => request.destroy(), 200);
	});
	await expect.poll(() => readdir(join(project.filesDir, '.uploads'))).toEqual([]);
	expect((await media.exists(path('half'))).data).toBe(false);
});

test('what has no route and what is no JSON is told in Storage’s form', async () => {
	const { token } = await person();
	const post = async (path: string, body: string) => {
		const response = await project.request(`/storage/v1${path}`, {
			method: 'POST',
			body,
			headers: { authorization: `Bearer ${token}` }
		});
		return [response.status, await response.json()];
	};
	expect(await post('/nothing', '{}')).toMatchObject([400, { statusCode: '404', error: 'Not Found' }]);
	expect(await post('/object/list/media', '{')).toMatchObject([
		400,
		{ statusCode: '400', error: 'Error', message: 'Body is not valid JSON' }
	]);
	expect(await post('/object/list/media', '{"limit":-1}')).toMatchObject([400, { statusCode: '400' }]);
});

test('a film is sought by several connections at once through its signed address, and streamed, never held whole', async () => {
	const { media, path } = await person();
	const film = randomBytes(9_000_000);
	await media.upload(path('film.mp4'), film, { contentType: 'video/mp4' });
	const { data } = await media.createSignedUrl(path('film.mp4'), 60);
	const address = data!.signedUrl;
	const eTag = (await fetch(address, { method: 'HEAD' })).headers.get('etag') ?? '';

	// As a player seeks: the head, the end where the index stands, then pieces side by side.
	const part = async (range: string) => {
		const response = await fetch(address, { headers: { range, 'if-range': eTag } });
		expect(response.status).toBe(206);
		return Buffer.from(await response.arrayBuffer());
	};
	const size = film.length / 6;
	const pieces = Array.from({ length: 6 }, (_, index) => `bytes=${index * size}-${(index + 1) * size - 1}`);
	const [end, ...parts] = await Promise.all([part('bytes=-1000'), ...pieces.map(part)]);
	expect(end?.equals(film.subarray(-1000))).toBe(true);
	expect(Buffer.concat(parts).equals(film)).toBe(true);

	// Readers who stop after the first piece cost their sockets' buffers, not the file.
	const before = process.memoryUsage().arrayBuffers;
	const readers = await Promise.all(
		Array.from(
			{ length: 20 },
			() =>
				new Promise<IncomingMessage>((resolve, reject) => {
					httpRequest(address, (response) => resolve(response.pause()))
						.on('error', reject)
						.end();
				})
		)
	);
	await new Promise((resolve) => setTimeout(resolve, 300));
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2_000_000);
	for (const reader of readers) reader.destroy();
});
