/** A line of a table with its number in the file, counted from 1 as editors do. */
export interface Line {
	number: number;
	cells: string[];
}

/** The mark between the cells: whichever of them the first line has most of. Spreadsheets in Brazil write semicolons. */
function separatorOf(text: string): string {
	const first = text.slice(0, (text + '\n').search(/[\r\n]/));
	const count = (mark: string) => first.split(mark).length;
	return [';', '\t', ','].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

/**
 * The lines of a CSV file (RFC 4180) with commas, semicolons or tabs, and a byte order mark or none. A cell in quotation
 * marks may go over several lines; one whose marks don't close goes to the end. Empty lines are left out.
 */
export function readCsv(file: string): Line[] {
	const text = file.replace(/^\uFEFF/, '');
	const separator = separatorOf(text);
	const lines: Line[] = [];
	let cells: string[] = [];
	let cell = '';
	let quoted = false;
	let number = 1;
	let began = 1;
	const endLine = () => {
		cells.push(cell);
		cell = '';
		if (cells.some((one) => one.trim() !== '')) lines.push({ number: began, cells });
		cells = [];
		began = number;
	};
	for (let at = 0; at < text.length; at += 1) {
		const letter = text.charAt(at);
		if (letter === '\n') number += 1;
		if (quoted) {
			if (letter !== '"') cell += letter;
			else if (text.charAt(at + 1) === '"') {
				cell += '"';
				at += 1;
			} else quoted = false;
		} else if (letter === '"' && cell.trim() === '') {
			cell = '';
			quoted = true;
		} else if (letter === separator) {
			cells.push(cell);
			cell = '';
		} else if (letter === '\n') endLine();
		else if (letter !== '\r') cell += letter;
	}
	if (cell !== '' || cells.length > 0) endLine();
	return lines;
}

/** What a spreadsheet would take for a formula, and run: it is written behind an apostrophe. */
const formula = /^[=+\-@\t\r]/;

const written = (cell: string): string => {
	const safe = formula.test(cell) ? `'${cell}` : cell;
	return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A CSV file that spreadsheets open as it is: UTF-8 with its mark, semicolons, no formulas. */
export const writeCsv = (rows: readonly (readonly string[])[]): string =>
	`\uFEFF${rows.map((cells) => cells.map(written).join(';')).join('\r\n')}\r\n`;

/** A cell as it was before `writeCsv` put an apostrophe before what looked like a formula. */
export const unguarded = (cell: string): string =>
	cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
