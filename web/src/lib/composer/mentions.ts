/** The members whom a note names: `@Ana Souza` anywhere in it. The longest name wins where one begins another. */
export function mentionsIn(text: string, members: { user_id: string; display_name: string }[]): string[] {
	const byLength = [...members].sort((a, b) => b.display_name.length - a.display_name.length);
	const found = new Set<string>();
	let rest = text;
	for (const { user_id, display_name } of byLength) {
		const sign = `@${display_name}`;
		if (!rest.includes(sign)) continue;
		found.add(user_id);
		rest = rest.replaceAll(sign, '');
	}
	return [...found];
}
