import { convert } from 'html-to-text';
import { setImmediate } from 'node:timers/promises';
import { getDocumentProxy } from 'unpdf';

/** A file whose words can't be had, and why: an error's code. Reading it again would change nothing. */
export class Unreadable extends Error {
	override name = 'Unreadable';
	readonly code: 'ai_file_unreadable' | 'ai_file_locked' | 'ai_file_without_words';

	constructor(code: Unreadable['code']) {
		super(code);
		this.code = code;
	}
}

/** What a document may hold. */
export const MOST_LETTERS = 400_000;
const MOST_PAGES = 1_000;

/** The words of a PDF, each page under its number as a heading. `onProgress` hears hundredths. Throws Unreadable. */
export async function wordsOfPdf(
	bytes: Uint8Array,
	page: string,
	onProgress: (hundredths: number) => Promise<void>,
	signal: AbortSignal
): Promise<string> {
	const pdf = await getDocumentProxy(bytes, { verbosity: 0 }).catch((error: unknown) => {
		const locked = error instanceof Error && error.name === 'PasswordException';
		throw new Unreadable(locked ? 'ai_file_locked' : 'ai_file_unreadable');
	});
	try {
		const pages = Math.min(pdf.numPages, MOST_PAGES);
		const parts: string[] = [];
		let letters = 0;
		let told = 0;
		for (let number = 1; number <= pages && letters < MOST_LETTERS; number++) {
			signal.throwIfAborted();
			const words = await wordsOfPage(pdf, number);
			if (words !== '') parts.push(`# ${page} ${number}\n\n${words}`);
			letters += words.length;
			const done = Math.floor((number / pages) * 95);
			if (done >= told + 5) {
				told = done;
				await onProgress(done);
			}
			// A page may keep the processor for long: others get their turn.
			await setImmediate();
		}
		if (letters === 0) throw new Unreadable('ai_file_without_words');
		return clipped(parts.join('\n\n'));
	} finally {
		await pdf.loadingTask.destroy();
	}
}

async function wordsOfPage(pdf: Awaited<ReturnType<typeof getDocumentProxy>>, number: number): Promise<string> {
	try {
		const { items } = await (await pdf.getPage(number)).getTextContent();
		const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
		return text
			.replaceAll('\u0000', '')
			.replace(/[ \t]+/g, ' ')
			.replace(/ ?\n ?/g, '\n')
			.trim();
	} catch {
		throw new Unreadable('ai_file_unreadable');
	}
}

/** The words of a web page as Markdown: its headings stay headings; menus, scripts and forms go. Throws Unreadable. */
export function wordsOfHtml(html: string): string {
	const heading = (level: number) => ({
		selector: `h${level}`,
		format: 'prosaHeading',
		options: { level, leadingLineBreaks: 2, trailingLineBreaks: 2 }
	});
	const skipped = ['script', 'style', 'noscript', 'template', 'nav', 'form', 'svg', 'img', 'button', 'iframe'];
	const text = convert(html, {
		wordwrap: false,
		limits: { maxInputLength: 10_000_000, maxDepth: 400 },
		formatters: {
			prosaHeading: (element, walk, builder, options) => {
				builder.openBlock({ leadingLineBreaks: 2 });
				builder.addLiteral(`${'#'.repeat(Number(options['level']))} `);
				walk(element.children, builder);
				builder.closeBlock({ trailingLineBreaks: 2 });
			}
		},
		selectors: [
			...[1, 2, 3, 4, 5, 6].map(heading),
			...skipped.map((selector) => ({ selector, format: 'skip' })),
			{ selector: 'a', options: { ignoreHref: true } },
			{ selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } }
		]
	})
		.replaceAll('\u0000', '')
		.trim();
	if (text === '') throw new Unreadable('ai_file_without_words');
	return clipped(text);
}

const clipped = (text: string) => text.slice(0, MOST_LETTERS - 1).toWellFormed();
