import type { ServerResponse } from 'node:http';

/** An answer that isn't what was asked for, in Storage's words. `status` is what the body says; HTTP says 400 or 500. */
export class StorageError extends Error {
	override name = 'StorageError';
	readonly status: number;
	readonly code: string;
	readonly error: string;
	constructor(status: number, code: string, message: string, error = code) {
		super(message);
		this.status = status;
		this.code = code;
		this.error = error;
	}
}

export const noSuchBucket = () => new StorageError(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found');
export const noSuchKey = () => new StorageError(404, 'NoSuchKey', 'Object not found', 'not_found');
export const accessDenied = (message: string) => new StorageError(403, 'AccessDenied', message, 'Unauthorized');
export const duplicate = () => new StorageError(409, 'KeyAlreadyExists', 'The resource already exists', 'Duplicate');
export const invalidRequest = (message: string) => new StorageError(400, 'InvalidRequest', message, 'Error');
export const invalidKey = (key: string) => new StorageError(400, 'InvalidKey', `Invalid key: ${key}`);
export const invalidBucketName = () =>
	new StorageError(400, 'InvalidBucketName', 'Bucket name invalid', 'Invalid Input');
export const invalidMimeType = (type: string) =>
	new StorageError(415, 'InvalidMimeType', `mime type ${type} is not supported`, 'invalid_mime_type');
export const tooLarge = () =>
	new StorageError(413, 'EntityTooLarge', 'The object exceeded the maximum allowed size', 'Payload too large');

/** What Postgres refused, as Storage tells it. Anything but the known refusals is nobody's business outside. */
export function toStorageError(error: unknown): StorageError {
	if (error instanceof StorageError) return error;
	const { code, message } = error instanceof Error && 'code' in error ? error : { code: '', message: '' };
	switch (code) {
		case '42501':
			return accessDenied('new row violates row-level security policy');
		case '23505':
			return duplicate();
		case '23503':
			return new StorageError(404, 'InvalidRequest', 'The parent resource is not found', 'Not Found');
		case '55P03':
			return new StorageError(423, 'ResourceLocked', 'The resource is locked');
		case '57014':
			return new StorageError(544, 'DatabaseTimeout', 'The connection to the database timed out');
		case 'P0001':
			return new StorageError(500, 'DatabaseError', message);
		case '22P02':
			return invalidRequest('A text cannot be read as what it should be');
		case '22021':
		case '22P05':
			return invalidRequest('A text holds characters that cannot be stored');
		default:
			return new StorageError(500, 'InternalError', 'Internal server error', 'Internal');
	}
}

/** Storage answers 400 for whatever the caller got wrong, and says the finer status in the body. */
export function sendError(response: ServerResponse, { status, code, error, message }: StorageError): void {
	response.statusCode = status === 500 ? 500 : status === 416 ? 416 : 400;
	response.setHeader('content-type', 'application/json; charset=utf-8');
	response.setHeader('cache-control', 'no-store');
	response.end(JSON.stringify({ statusCode: String(status), code, error, message }));
}
