import { StorageError } from './errors.ts';

/** A form with one file: the fields before it, and the file as it arrives. */
export interface Form {
	readonly fields: ReadonlyMap<string, string>;
	readonly file: { readonly type: string | null; readonly body: AsyncIterable<Uint8Array> };
}

const MAX_HEADERS = 16 * 1024;
const MAX_FIELD = 1024 * 1024;
const MAX_FIELDS = 50;
const CRLF = Buffer.from('\r\n');
const END_OF_HEADERS = Buffer.from('\r\n\r\n');

/** The boundary a content type names; undefined when it isn't a form. */
export function boundaryOf(contentType: string): string | undefined {
	const [, quoted, plain] = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
	return quoted ?? plain;
}

/** Reads a multipart/form-data body (RFC 7578) up to its first file, whose bytes then flow through, none kept. */
export async function readForm(source: AsyncIterable<Uint8Array>, boundary: string): Promise<Form> {
	const reader = createReader(source);
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	const fields = new Map<string, string>();

	// The first boundary may stand at the very beginning, without a line break before it.
	reader.unshift(CRLF);
	await reader.take(delimiter, MAX_HEADERS);
	for (let count = 0; count <= MAX_FIELDS; count++) {
		const head = (await reader.take(END_OF_HEADERS, MAX_HEADERS)).toString('utf8');
		if (head.startsWith('--')) break;
		const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1] ?? '';
		const isFile = /[;\s]filename\*?=/i.test(head);
		if (isFile || name === '') {
			const type = /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1] ?? null;
			return { fields, file: { type, body: reader.flow(delimiter) } };
		}
		fields.set(name, (await reader.take(delimiter, MAX_FIELD)).toString('utf8'));
	}
	throw malformed('No file provided');
}

interface Reader {
	unshift(bytes: Buffer): void;
	/** Everything before the mark, which is swallowed; an error when it doesn't come within `max` bytes. */
	take(mark: Buffer, max: number): Promise<Buffer>;
	/** The same as it arrives, in pieces. */
	flow(mark: Buffer): AsyncGenerator<Buffer>;
}

function createReader(source: AsyncIterable<Uint8Array>): Reader {
	const iterator = source[Symbol.asyncIterator]();
	let buffer: Buffer = Buffer.alloc(0);

	async function more(): Promise<void> {
		const { done, value } = await iterator.next();
		if (done) throw malformed('Unexpected end of form');
		buffer = buffer.length === 0 ? Buffer.from(value) : Buffer.concat([buffer, value]);
	}

	return {
		unshift(bytes) {
			buffer = Buffer.concat([bytes, buffer]);
		},
		async take(mark, max) {
			for (let from = 0; ;) {
				const at = buffer.indexOf(mark, from);
				if (at >= 0) {
					const taken = buffer.subarray(0, at);
					buffer = buffer.subarray(at + mark.length);
					return taken;
				}
				if (buffer.length > max + mark.length) throw malformed('A part of the form is too large');
				from = Math.max(0, buffer.length - mark.length + 1);
				await more();
			}
		},
		async *flow(mark) {
			for (;;) {
				const at = buffer.indexOf(mark);
				if (at >= 0) {
					if (at > 0) yield buffer.subarray(0, at);
					buffer = buffer.subarray(at + mark.length);
					return;
				}
				// The last bytes may be the mark's beginning.
				const safe = buffer.length - mark.length + 1;
				if (safe > 0) {
					yield buffer.subarray(0, safe);
					buffer = buffer.subarray(safe);
				}
				await more();
			}
		}
	};
}

const malformed = (message: string) => new StorageError(400, 'InvalidRequest', message, 'no_file_provided');
