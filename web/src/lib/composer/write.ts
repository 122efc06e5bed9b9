import { lengthOf } from '@prosa/core/whatsapp/outgoing/check.ts';
import type { OutgoingContent } from './content.ts';

/** WhatsApp's longest text and caption (Cloud API, text and image messages). */
export const longestText = 4096;
export const longestCaption = 1024;
/** From this part of the limit on, the characters are counted where one can see it. */
const countedFrom = 0.9;

/** What of an attachment decides how it is sent with what was written. */
export interface Sendable {
	readonly caption: string;
	readonly takesCaption: boolean;
	contentWith(caption: string): OutgoingContent;
}

/** Whether what is written in the field goes under the one file there is: not where it is longer than words there may be. */
export function isCaption(files: Sendable[], text: string): boolean {
	return files.length === 1 && files[0]?.takesCaption === true && lengthOf(text.trim()) <= longestCaption;
}

/** What one Enter sends, in order: each file with its caption, then the text, unless it is the caption of the one file. */
export function parcels<File extends Sendable>(
	text: string,
	files: File[],
	preview: boolean
): { content: OutgoingContent; file: File | null }[] {
	const words = text.trim();
	if (isCaption(files, words)) return files.map((file) => ({ content: file.contentWith(words), file }));
	const sent: { content: OutgoingContent; file: File | null }[] = files.map((file) => ({
		content: file.contentWith(file.caption.trim()),
		file
	}));
	if (words !== '') {
		sent.push({ content: { kind: 'text', text: words, ...(preview ? { preview_url: true } : {}) }, file: null });
	}
	return sent;
}

/** How many characters, of how many; null while there is room enough that nobody needs to know. */
export function countOf(length: number, limit: number): { length: number; over: number } | null {
	return length >= limit * countedFrom ? { length, over: Math.max(0, length - limit) } : null;
}

/** A text with something selected in it. */
export interface Selection {
	text: string;
	from: number;
	to: number;
}

/** Puts words in the place of what is selected, and the cursor behind them. */
export function insert({ text, from, to }: Selection, words: string): Selection {
	const at = from + words.length;
	return { text: text.slice(0, from) + words + text.slice(to), from: at, to: at };
}

/** Marks what is selected as WhatsApp does (`*bold*`), or takes the mark off; the same words stay selected. */
export function toggleMark({ text, from, to }: Selection, mark: '*' | '_' | '~'): Selection {
	const inner = text.slice(from, to);
	const lead = inner.length - inner.trimStart().length;
	const trail = inner.length - inner.trimEnd().length;
	const start = inner.trim() === '' ? from : from + lead;
	const end = inner.trim() === '' ? from : to - trail;
	const marked = text[start - 1] === mark && text[end] === mark;
	if (marked) {
		return {
			text: text.slice(0, start - 1) + text.slice(start, end) + text.slice(end + 1),
			from: start - 1,
			to: end - 1
		};
	}
	return {
		text: text.slice(0, start) + mark + text.slice(start, end) + mark + text.slice(end),
		from: start + 1,
		to: end + 1
	};
}

/** The mark a key press means: Ctrl B, Ctrl I, Ctrl Shift X; null for any other. */
export function markOf(press: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): '*' | '_' | '~' | null {
	if (!press.ctrlKey && !press.metaKey) return null;
	const key = press.key.toLowerCase();
	if (press.shiftKey) return key === 'x' ? '~' : null;
	return key === 'b' ? '*' : key === 'i' ? '_' : null;
}
