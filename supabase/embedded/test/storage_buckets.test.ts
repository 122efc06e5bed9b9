import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProject, type Project } from './auth_project.ts';

let project: Project;
beforeAll(async () => {
	project = await startProject({ storage: { fileSizeLimit: 100_000 } });
});
afterAll(() => project.stop());

const name = () => `bucket-${crypto.randomUUID().slice(0, 8)}`;

test('a bucket is made, shown, listed, changed, emptied and deleted', async () => {
	const { storage } = project.admin;
	const id = name();
	expect(
		(await storage.createBucket(id, { public: false, fileSizeLimit: '20KB', allowedMimeTypes: ['image/*'] })).data
	).toEqual({ name: id });
	expect((await storage.getBucket(id)).data).toMatchObject({
		id,
		name: id,
		public: false,
		type: 'STANDARD',
		file_size_limit: 20_000,
		allowed_mime_types: ['image/*']
	});
	expect((await storage.createBucket(id)).error).toMatchObject({
		status: 400,
		statusCode: '409',
		message: 'The resource already exists'
	});
	expect((await storage.listBuckets({ search: id })).data).toMatchObject([{ id }]);
	expect((await storage.updateBucket(id, { public: true, fileSizeLimit: null, allowedMimeTypes: null })).data).toEqual({
		message: 'Successfully updated'
	});
	expect((await storage.getBucket(id)).data).toMatchObject({
		public: true,
		file_size_limit: null,
		allowed_mime_types: null
	});
	await storage.from(id).upload('a/b.txt', 'x');
	expect((await storage.deleteBucket(id)).error).toMatchObject({
		statusCode: '409',
		message: 'The bucket you tried to delete is not empty'
	});
	expect((await storage.emptyBucket(id)).error).toBeNull();
	expect((await storage.from(id).list('a')).data).toEqual([]);
	expect((await storage.deleteBucket(id)).data).toEqual({ message: 'Successfully deleted' });
	expect((await storage.getBucket(id)).error).toMatchObject({ statusCode: '404', message: 'Bucket not found' });
});

test('buckets come sorted and in pages', async () => {
	const { storage } = project.admin;
	const prefix = name();
	for (const letter of ['c', 'a', 'b']) await storage.createBucket(`${prefix}-${letter}`);
	const { data } = await storage.listBuckets({
		search: prefix,
		sortColumn: 'name',
		sortOrder: 'desc',
		limit: 2,
		offset: 1
	});
	expect(data!.map(({ id }) => id)).toEqual([`${prefix}-b`, `${prefix}-a`]);
});

test('who has no policy for buckets sees none and makes none', async () => {
	const id = name();
	await project.admin.storage.createBucket(id);
	const ana = await project.person('ana');
	for (const { storage } of [ana.client, project.visitor()]) {
		expect((await storage.listBuckets()).data).toEqual([]);
		expect((await storage.getBucket(id)).error).toMatchObject({ statusCode: '404' });
		expect((await storage.createBucket(name())).error).toMatchObject({
			statusCode: '403',
			message: 'new row violates row-level security policy'
		});
		expect((await storage.updateBucket(id, { public: true })).error).toMatchObject({ statusCode: '404' });
		expect((await storage.emptyBucket(id)).error).toMatchObject({ statusCode: '404' });
		expect((await storage.deleteBucket(id)).error).toMatchObject({ statusCode: '404' });
	}
	expect((await project.admin.storage.getBucket(id)).data).toMatchObject({ public: false });
});

test.each(['..', '.', 'a/b', 'ação', ' a', '', 'x'.repeat(101)])(
	'a bucket called %j is refused or harmless',
	async (id) => {
		const { error } = await project.admin.storage.createBucket(id);
		if (id === '.' || id === '..') return; // valid by Storage's own rule; storage_objects.test.ts shows where its files lie
		expect(error).toMatchObject({ statusCode: '400', message: 'Bucket name invalid' });
	}
);

test('a bucket takes the types it names, and nothing larger than it says', async () => {
	const { storage } = project.admin;
	const id = name();
	await storage.createBucket(id, {
		public: false,
		fileSizeLimit: 1000,
		allowedMimeTypes: ['image/*', 'application/pdf']
	});
	const put = async (body: Blob | Buffer, contentType: string) => {
		const { error } = await storage.from(id).upload(crypto.randomUUID(), body, { contentType });
		return error && (error as { statusCode?: string }).statusCode;
	};
	const bytes = Buffer.alloc(1000);
	expect(await put(bytes, 'image/png')).toBeNull();
	expect(await put(bytes, 'application/PDF; charset=binary')).toBeNull();
	expect(await put(new Blob([bytes], { type: 'image/webp' }), 'image/webp')).toBeNull();
	expect(await put(bytes, 'text/html')).toBe('415');
	expect(await put(new Blob([bytes], { type: 'text/html' }), 'image/png')).toBe('415');
	expect(await put(bytes, 'imagee/png')).toBe('415');
	expect(await put(bytes, 'nonsense')).toBe('415');
	expect(await put(Buffer.alloc(1001), 'image/png')).toBe('413');
	expect(await put(new Blob([Buffer.alloc(1001)], { type: 'image/png' }), 'image/png')).toBe('413');
});

test('a stream without an announced length is stopped at the limit', async () => {
	const id = name();
	await project.admin.storage.createBucket(id);
	let sent = 0;
	const endless = new ReadableStream<Uint8Array>({
		async pull(controller) {
			if (sent > 5_000_000) return controller.close();
			sent += 50_000;
			controller.enqueue(new Uint8Array(50_000));
		}
	});
	const { error } = await project.admin.storage
		.from(id)
		.upload('endless', endless, { contentType: 'application/octet-stream' });
	expect(error).toMatchObject({ statusCode: '413', message: 'The object exceeded the maximum allowed size' });
	expect((await project.admin.storage.from(id).list()).data).toEqual([]);
});

test('a bucket cannot allow more than the project', async () => {
	expect(
		(await project.admin.storage.createBucket(name(), { public: false, fileSizeLimit: '1MB' })).error
	).toMatchObject({
		statusCode: '413'
	});
	expect(
		(await project.admin.storage.createBucket(name(), { public: false, fileSizeLimit: 'much' })).error
	).toMatchObject({
		statusCode: '400'
	});
});

test('a folder lists its files and folders, with search, order and pages', async () => {
	const id = name();
	await project.admin.storage.createBucket(id);
	const bucket = project.admin.storage.from(id);
	for (const path of [
		'b.txt',
		'a.txt',
		'C.txt',
		'dir/one.txt',
		'dir/two.txt',
		'dir/sub/three.txt',
		'dir_x/y.txt',
		'100%.txt'.replace('%', '')
	])
		await bucket.upload(path, path);
	const names = async (...args: Parameters<typeof bucket.list>) =>
		(await bucket.list(...args)).data!.map((entry) => entry.name);

	expect(await names()).toEqual(['100.txt', 'a.txt', 'b.txt', 'C.txt', 'dir', 'dir_x']);
	expect(await names('dir')).toEqual(['one.txt', 'sub', 'two.txt']);
	expect(await names('dir/')).toEqual(['one.txt', 'sub', 'two.txt']);
	expect(await names('di')).toEqual([]);
	expect(await names('dir/sub')).toEqual(['three.txt']);
	expect(await names('', { search: 'DIR' })).toEqual(['dir', 'dir_x']);
	expect(await names('', { search: '_' })).toEqual([]);
	expect(await names('', { sortBy: { column: 'name', order: 'desc' } })).toEqual([
		'dir_x',
		'dir',
		'C.txt',
		'b.txt',
		'a.txt',
		'100.txt'
	]);
	expect(await names('', { limit: 2, offset: 1 })).toEqual(['a.txt', 'b.txt']);
	expect(await names('', { sortBy: { column: 'created_at', order: 'desc' } })).toEqual([
		'dir_x',
		'dir',
		'100.txt',
		'C.txt',
		'a.txt',
		'b.txt'
	]);

	const [folder] = (await bucket.list('', { search: 'dir' })).data!;
	expect(folder).toEqual({
		name: 'dir',
		id: null,
		updated_at: null,
		created_at: null,
		last_accessed_at: null,
		metadata: null
	});
	const [file] = (await bucket.list('', { search: 'a.txt' })).data!;
	expect(file).toMatchObject({
		name: 'a.txt',
		id: expect.any(String),
		created_at: expect.stringMatching(/Z$/),
		metadata: { size: 5, mimetype: 'text/plain;charset=UTF-8', eTag: expect.any(String) }
	});
});

test.each(['name', 'created_at'] as const)(
	'the newer list goes through everything by cursor, sorted by %s',
	async (column) => {
		const id = name();
		await project.admin.storage.createBucket(id);
		const bucket = project.admin.storage.from(id);
		const paths = ['a/1', 'a/2', 'b', 'c/d/e', 'f'];
		for (const path of paths) await bucket.upload(path, path);
		const walk = async (options: NonNullable<Parameters<typeof bucket.listV2>[0]>) => {
			const seen: string[] = [];
			for (let cursor: string | undefined, page = 0; page < 10; page++) {
				const { data, error } = await bucket.listV2({
					...options,
					limit: 2,
					sortBy: { column, order: 'asc' },
					...(cursor ? { cursor } : {})
				});
				expect(error).toBeNull();
				seen.push(...[...data!.folders, ...data!.objects].map((entry) => entry.name));
				cursor = data!.nextCursor;
				if (!data!.hasNext) break;
			}
			return seen.sort();
		};
		expect(await walk({})).toEqual(paths);
		expect(await walk({ with_delimiter: true })).toEqual(['a/', 'b', 'c/', 'f']);
		expect(await walk({ with_delimiter: true, prefix: 'c/' })).toEqual(['c/d/']);
		expect(await walk({ prefix: 'a/' })).toEqual(['a/1', 'a/2']);
		expect((await bucket.listV2({ cursor: 'nonsense' })).error).toMatchObject({ statusCode: '400' });
	}
);

test('policies are written with foldername, filename and extension', async () => {
	const [row] = await project.sql`
		select storage.foldername('a/b/c.tar.gz') as folders, storage.filename('a/b/c.tar.gz') as file,
			storage.extension('a/b/c.tar.gz') as extension, storage.foldername('x') as none`;
	expect(row).toEqual({ folders: ['a', 'b'], file: 'c.tar.gz', extension: 'gz', none: [] });
});

test('a policy may ask which operation it is and what the file says of itself', async () => {
	const id = name();
	await project.admin.storage.createBucket(id);
	await project.sql.unsafe(`
		create policy "images by upload" on storage.objects for insert to authenticated with check (
			bucket_id = '${id}' and storage.operation() = 'storage.object.upload' and metadata ->> 'mimetype' = 'image/png'
				and coalesce((metadata ->> 'size')::int, 0) < 100
		)`);
	const { client } = await project.person('ana');
	const put = async (size: number, contentType: string) =>
		(await client.storage.from(id).upload(crypto.randomUUID(), Buffer.alloc(size), { contentType })).error;
	expect(await put(10, 'image/png')).toBeNull();
	expect(await put(10, 'image/gif')).toMatchObject({ statusCode: '403' });
	expect(await put(100, 'image/png')).toMatchObject({ statusCode: '403' });
	expect((await client.storage.from(id).createSignedUploadUrl('x')).error).toMatchObject({ statusCode: '403' });
});
