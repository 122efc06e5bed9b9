/** The first and the last byte wanted, counted from 0. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/**
 * What a Range header asks of a file (RFC 9110, one range of bytes). Null when the whole is to be sent: no header, several
 * ranges, or one that isn't understood. `unsatisfiable` when nothing of it lies within the file.
 */
export function readRange(header: string | undefined, size: number): Range | null | 'unsatisfiable' {
	const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
	if (first === '' && last === '') return null;
	if (first === '') {
		const length = Math.min(Number(last), size);
		return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
	}
	const start = Number(first);
	if (last !== '' && Number(last) < start) return null;
	if (start >= size) return 'unsatisfiable';
	return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
