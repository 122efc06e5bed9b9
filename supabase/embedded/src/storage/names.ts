import { invalidBucketName, invalidKey } from './errors.ts';

/** What S3 calls safe; Storage takes no other characters in an object's name. */
const KEY = /^(\w|\/|!|-|\.|\*|'|\(|\)| |&|\$|@|=|;|:|\+|,|\?)+$/;
const BUCKET = /^(\w|!|-|\.|\*|'|\(|\)| |&|\$|@|=|;|:|\+|,|\?)+$/;
const MAX_KEY = 1024;
const MAX_BUCKET = 100;

export function checkKey(key: string): string {
	if (key.length > MAX_KEY || !KEY.test(key)) throw invalidKey(key);
	return key;
}

export function checkBucketName(name: string): string {
	if (name.length > MAX_BUCKET || !BUCKET.test(name) || name !== name.trim()) throw invalidBucketName();
	return name;
}

/** A bucket's name as one folder's name: whatever it holds, it leads neither up nor down. */
export function folderOf(bucket: string): string {
	return bucket
		.replace(/[^A-Za-z0-9_.-]/gu, (character) => encodeURIComponent(character).replace(/[!'()*]/g, hex))
		.replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
