/** The word behind a colon that the cursor stands at (`:bol`), and where it begins; null where nothing is being named. */
export function namedAt(text: string, cursor: number): { query: string; from: number } | null {
	const named = /(?:^|\s):(?<query>[\p{L}\d_]{2,24})$/u.exec(text.slice(0, cursor));
	const query = named?.groups?.['query'];
	return query === undefined ? null : { query, from: cursor - query.length - 1 };
}
