/** Reads CSV (RFC 4180) into rows of text. */
export function parseCsv(text: string): string[][] {
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
		if (row.length > 1 || row[0] !== '') rows.push(row);
		row = [];
	};
	for (let i = 0; i < text.length; i++) {
		const char = text[i];
		if (quoted) {
			if (char !== '"') cell += char;
			else if (text[i + 1] === '"') cell += text[i++];
			else quoted = false;
		} else if (char === '"' && cell === '') quoted = true;
		else if (char === ',') endCell();
		else if (char === '\n') endRow();
		else if (char !== '\r') cell += char;
	}
	endRow();
	return rows;
}
