/** A stretch of a note: plain, or the name of somebody it calls. */
export interface Stretch {
	text: string;
	called: boolean;
}

/** Splits a note's text at the names it calls, each behind an @. A longer name wins over one it begins with. */
export function calledIn(text: string, names: string[]): Stretch[] {
	const wanted = names.filter((name) => name !== '').sort((a, b) => b.length - a.length);
	if (wanted.length === 0) return [{ text, called: false }];
	const escaped = wanted.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
	const pattern = new RegExp(String.raw`@(?:${escaped.join('|')})(?![\p{L}\p{N}])`, 'gu');
	const stretches: Stretch[] = [];
	let from = 0;
	for (const match of text.matchAll(pattern)) {
		if (match.index > from) stretches.push({ text: text.slice(from, match.index), called: false });
		stretches.push({ text: match[0], called: true });
		from = match.index + match[0].length;
	}
	if (from < text.length) stretches.push({ text: text.slice(from), called: false });
	return stretches;
}

/** The ids of those whose names still stand behind an @ in the text: a mention that was rubbed out calls nobody. */
export function stillCalled(text: string, candidates: { id: string; name: string }[]): string[] {
	const called = new Set(
		calledIn(
			text,
			candidates.map(({ name }) => name)
		)
			.filter((stretch) => stretch.called)
			.map((stretch) => stretch.text.slice(1))
	);
	return [...new Set(candidates.filter(({ name }) => called.has(name)).map(({ id }) => id))];
}
