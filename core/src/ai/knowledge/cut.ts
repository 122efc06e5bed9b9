/*
 * Documents as pieces that fit a question: Markdown by its headings, CSV a row a piece with its columns' names, text by its
 * paragraphs. A piece holds whole sentences wherever it can.
 */

export type Format = 'text' | 'markdown' | 'csv';

export interface Piece {
	/** The headings above it, outermost first: `Entrega › Frete`. */
	heading: string;
	body: string;
}

const LARGEST = 900;
/** More than this of one document helps nobody. */
const MOST_PIECES = 2_000;

export function cut(text: string, format: Format): Piece[] {
	const clean = text.replace(/\r\n?/g, '\n').replaceAll('\u0000', '');
	const pieces = format === 'csv' ? ofCsv(clean) : format === 'markdown' ? ofMarkdown(clean) : ofText(clean, '');
	return pieces.slice(0, MOST_PIECES);
}

function ofMarkdown(text: string): Piece[] {
	const pieces: Piece[] = [];
	const headings: string[] = [];
	let lines: string[] = [];
	let fenced = false;
	const close = () => {
		pieces.push(...ofText(lines.join('\n'), headings.filter(Boolean).join(' › ').slice(0, 400)));
		lines = [];
	};
	for (const line of text.split('\n')) {
		if (/^\s{0,3}(?:```|~~~)/.test(line)) fenced = !fenced;
		const [, marks, title] = fenced ? [] : (/^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$/.exec(line) ?? []);
		if (marks === undefined || title === undefined) {
			lines.push(line);
			continue;
		}
		close();
		headings.length = Math.min(headings.length, marks.length - 1);
		headings[marks.length - 1] = title.slice(0, 120);
	}
	close();
	return pieces;
}

/** Paragraphs put together up to a piece's size; one that is larger is cut at its sentences, at worst at its words. */
function ofText(text: string, heading: string): Piece[] {
	const parts = text
		.split(/\n{2,}/)
		.map((part) => part.trim())
		.filter((part) => part !== '')
		.flatMap((part) => (part.length > LARGEST ? sentences(part) : [part]));
	const pieces: Piece[] = [];
	for (const part of parts) {
		const last = pieces.at(-1);
		if (last && last.body.length + part.length + 2 <= LARGEST) last.body += `\n\n${part}`;
		else pieces.push({ heading, body: part });
	}
	return pieces;
}

function sentences(paragraph: string): string[] {
	const found: string[] = [];
	for (const sentence of paragraph.split(/(?<=[.!?;])\s+|\n/)) {
		for (let rest = sentence.trim(); rest !== '';) {
			let end = rest.length;
			if (end > LARGEST) {
				const space = rest.lastIndexOf(' ', LARGEST);
				end = space > LARGEST / 2 ? space : LARGEST;
			}
			const part = rest.slice(0, end).toWellFormed();
			const last = found.at(-1);
			if (last !== undefined && last.length + part.length + 1 <= LARGEST) found[found.length - 1] = `${last} ${part}`;
			else found.push(part);
			rest = rest.slice(end).trim();
		}
	}
	return found;
}

function ofCsv(text: string): Piece[] {
	const rows = readCsv(text);
	const [head = [], ...body] = rows;
	return body.flatMap((row) => {
		const lines = row.flatMap((cell, column) => {
			const value = cell.trim();
			return value === '' ? [] : [`${head[column]?.trim() || `${column + 1}`}: ${value}`];
		});
		return lines.length === 0 ? [] : ofText(lines.join('\n'), '');
	});
}

/** RFC 4180, with commas, semicolons (as Brazilian spreadsheets write) or tabs between: whichever the first line has most. */
export function readCsv(text: string): string[][] {
	const [first = ''] = text.split('\n', 1);
	const count = (mark: string) => first.split(mark).length;
	const mark = [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
	const rows: string[][] = [];
	let row: string[] = [];
	let cell = '';
	let quoted = false;
	const endCell = () => {
		row.push(cell);
		cell = '';
	};
	const endRow = () => {
		endCell();
		if (row.some((one) => one !== '')) rows.push(row);
		row = [];
	};
	for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; at++) {
		const character = text[at];
		if (quoted) {
			if (character !== '"') cell += character;
			else if (text[at + 1] === '"') cell += text[at++];
			else quoted = false;
		} else if (character === '"' && cell === '') quoted = true;
		else if (character === mark) endCell();
		else if (character === '\n') endRow();
		else cell += character;
	}
	endRow();
	return rows;
}
