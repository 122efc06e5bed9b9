/** A stretch of text with one look. */
export interface Span {
	text: string;
	mark: 'bold' | 'italic' | 'strike' | 'mono' | null;
	href: string | null;
}

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/** A mark opens and closes at a word's edge: 2*3*4 and snake_case stay as they are. */
const pattern =
	/```(?<block>[^`]+)```|`(?<code>[^`\n]+)`|(?<![\p{L}\p{N}])(?<sign>[*_~])(?=\S)(?<inner>[^\n]+?)(?<=\S)\k<sign>(?![\p{L}\p{N}])|(?<address>https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}])/gu;

/** Splits text as WhatsApp draws it: *bold*, _italic_, ~strike~, `code`, and addresses as links. Never makes HTML. */
export function richText(text: string): Span[] {
	const spans: Span[] = [];
	let from = 0;
	const plain = (until: number) => {
		if (until > from) spans.push({ text: text.slice(from, until), mark: null, href: null });
	};
	for (const match of text.matchAll(pattern)) {
		plain(match.index);
		from = match.index + match[0].length;
		const { block, code, sign, inner, address } = match.groups ?? {};
		if (address !== undefined) spans.push({ text: address, mark: null, href: address });
		else if (sign !== undefined && inner !== undefined) {
			const mark = marks[sign as keyof typeof marks];
			spans.push(...richText(inner).map((span) => ({ ...span, mark: span.mark ?? mark })));
		} else spans.push({ text: block ?? code ?? '', mark: 'mono', href: null });
	}
	plain(text.length);
	return spans;
}

/** Whether a message is nothing but a few emoji, which are drawn large. */
export function isJustEmoji(text: string): boolean {
	const letters = [...new Intl.Segmenter().segment(text.trim())].map(({ segment }) => segment);
	return (
		letters.length > 0 && letters.length <= 3 && letters.every((letter) => /^\p{Extended_Pictographic}/u.test(letter))
	);
}
