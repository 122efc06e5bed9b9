/**
 * A conversation as it is written in `dialogues/`, one line a message:
 *
 *   > what the customer says         < what the company answers
 *   > [image] a caption              > [voice]        > [document] file.pdf
 *   > [location] name | address      > [sticker]      > [reaction] 👍 (to the line before)
 *   > [contact] name | number        ^< an answer that quotes the line before
 *
 * `{nome}` is the customer's first name, `{agente}` the answering person's.
 */
export interface Line {
	direction: 'in' | 'out';
	quotes: boolean;
	kind: string;
	text: string;
}

const KINDS: Record<string, string> = {
	image: 'image',
	video: 'video',
	voice: 'audio',
	document: 'document',
	location: 'location',
	sticker: 'sticker',
	reaction: 'reaction',
	contact: 'contacts'
};

/** Reads dialogues that stand one after another with an empty line between. Throws at a line it can't read. */
export function readDialogues(text: string): Line[][] {
	return text
		.trim()
		.split(/\n\s*\n/)
		.map((dialogue) => dialogue.trim().split('\n').map(readLine));
}

function readLine(written: string): Line {
	const [, quote, arrow, , tag, text] = /^(\^?)([<>])\s*(\[(\w+)\])?\s*(.*)$/.exec(written.trim()) ?? [];
	const kind = tag === undefined ? 'text' : KINDS[tag];
	if (arrow === undefined || text === undefined || kind === undefined || (kind === 'text' && text === '')) {
		throw new Error(`this line of a dialogue can't be read: ${written}`);
	}
	return { direction: arrow === '>' ? 'in' : 'out', quotes: quote === '^', kind, text };
}
