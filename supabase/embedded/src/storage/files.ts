import { createHash, randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tooLarge } from './errors.ts';
import { folderOf } from './names.ts';

/** Where a version of an object lies; only names that we made ourselves, so no path can lead elsewhere. */
export interface FileKey {
	readonly bucket: string;
	readonly id: string;
	readonly version: string;
}

/** A body that has arrived, still under a passing name. */
export interface Received {
	readonly size: number;
	/** MD5 of the body in quotes, as S3 makes an entity tag. */
	readonly eTag: string;
	/** Gives the file its place. */
	place(key: FileKey): Promise<void>;
	/** Throws it away, if it hasn't found its place. */
	discard(): Promise<void>;
}

export interface Files {
	/** Takes a body in, no more than `limit` bytes of it at a time in memory or in all on disk. */
	receive(body: AsyncIterable<Uint8Array>, limit: number): Promise<Received>;
	/** Undefined when it isn't there. */
	open(key: FileKey): Promise<FileHandle | undefined>;
	copy(from: FileKey, to: FileKey): Promise<void>;
	/** The same file under a second name, until the first is removed. */
	link(from: FileKey, to: FileKey): Promise<void>;
	remove(key: FileKey): Promise<void>;
	/** Drops what an interrupted process left half-received. */
	sweep(): Promise<void>;
}

/** Files at `<directory>/<bucket>/<object id>/<version>`. */
export function createFiles(directory: string): Files {
	const unfinished = join(directory, '.uploads');
	const pathOf = ({ bucket, id, version }: FileKey) => join(directory, folderOf(bucket), checkId(id), checkId(version));

	return {
		async receive(body, limit) {
			await mkdir(unfinished, { recursive: true });
			const temporary = join(unfinished, randomUUID());
			const md5 = createHash('md5');
			let size = 0;
			async function* measured() {
				for await (const chunk of body) {
					size += chunk.length;
					if (size > limit) throw tooLarge();
					md5.update(chunk);
					yield chunk;
				}
			}
			const discard = () => rm(temporary, { force: true });
			try {
				await pipeline(
					Readable.from(measured(), { objectMode: false }),
					createWriteStream(temporary, { flags: 'wx', mode: 0o600 })
				);
			} catch (error) {
				await discard();
				throw error;
			}
			return {
				size,
				eTag: `"${md5.digest('hex')}"`,
				async place(key) {
					await mkdir(dirname(pathOf(key)), { recursive: true });
					await rename(temporary, pathOf(key));
				},
				discard
			};
		},

		async open(key) {
			try {
				return await open(pathOf(key), 'r');
			} catch (error) {
				if (isMissing(error)) return undefined;
				throw error;
			}
		},

		async copy(from, to) {
			await mkdir(dirname(pathOf(to)), { recursive: true });
			const temporary = `${pathOf(to)}.part`;
			await copyFile(pathOf(from), temporary, constants.COPYFILE_FICLONE);
			await rename(temporary, pathOf(to));
		},

		async link(from, to) {
			await mkdir(dirname(pathOf(to)), { recursive: true });
			await link(pathOf(from), pathOf(to));
		},

		async remove(key) {
			await rm(pathOf(key), { force: true });
			await rmdir(dirname(pathOf(key))).catch(() => {}); // another version is still there
		},

		async sweep() {
			const names = await readdir(unfinished).catch(() => []);
			await Promise.all(names.map((name) => rm(join(unfinished, name), { force: true })));
		}
	};
}

/** Ids and versions are uuids in every row we write; a row written by hand may hold anything. */
function checkId(id: string): string {
	if (!/^[0-9a-f-]{36}$/i.test(id)) throw new Error(`${JSON.stringify(id)} is no uuid`);
	return id;
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
