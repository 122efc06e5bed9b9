import { parse } from 'csv-parse/sync';
import path from 'node:path';
import { z } from 'zod';

export interface Price {
	market: string;
	category: string;
	tier_from: number;
	/** As written, so that no decimal is lost; null where the market has a price of its own that nobody found. */
	amount: string | null;
	source: string;
}

export interface PriceList {
	provider: string;
	effective_from: string;
	currency: string;
	source: string;
	free_service_messages: number | null;
	utility_free_in_window: boolean;
	prices: Price[];
}

/** A file of prices that can't be taken as it is; says which line, and what is wrong with it. */
export class BadPriceFile extends Error {}

const CATEGORIES = ['marketing', 'utility', 'authentication', 'authentication_international', 'service'] as const;

const rowSchema = z.strictObject({
	market: z
		.string()
		.regex(/^([A-Z]{2}|[a-z_]{4,40})$/, 'a country such as BR or a region such as rest_of_latin_america'),
	category: z.enum(CATEGORIES),
	tier_from: z
		.string()
		.regex(/^\d{1,12}$/, 'a whole number')
		.transform(Number),
	amount: z
		.string()
		.regex(/^(\d{1,6}(\.\d{1,6})?)?$/, 'a decimal number with a point, or nothing')
		.transform((amount) => (amount === '' ? null : amount)),
	source: z.string().min(1)
});

const headSchema = z.object({
	currency: z.string().regex(/^[A-Z]{3}$/, 'three letters, such as USD'),
	free_service_messages: z
		.string()
		.regex(/^(all|\d{1,9})$/, 'a number or "all"')
		.transform((count) => (count === 'all' ? null : Number(count))),
	utility_in_window: z.enum(['free', 'charged'])
});

/**
 * A list of prices from its file, `<provider>/<day>.csv`. Above the rows stand comments: `# currency: USD`, the two
 * rules of the list, and `# A: …` for each source a row may name. Throws BadPriceFile at the first line that is wrong.
 */
export function readPriceList(file: string, text: string): PriceList {
	const day = path.basename(file, '.csv');
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
		throw new BadPriceFile(`${file}: the name of a price list is its day, such as 2026-10-01.csv`);

	const notes = notesOf(text);
	const head = headSchema.safeParse(Object.fromEntries(notes));
	if (!head.success) throw new BadPriceFile(`${file}: ${sentence(head.error, '# ')}`);

	const seen = new Set<string>();
	const prices = rowsOf(file, text).map(({ line, row }) => {
		const parsed = rowSchema.safeParse(row);
		if (!parsed.success) throw new BadPriceFile(`${file}, line ${line}: ${sentence(parsed.error)}`);
		const { source, ...price } = parsed.data;
		const cited = notes.get(source);
		if (cited === undefined)
			throw new BadPriceFile(`${file}, line ${line}: source ${source} is not explained above the rows`);
		const key = `${price.market} ${price.category} ${price.tier_from}`;
		if (seen.has(key)) throw new BadPriceFile(`${file}, line ${line}: ${key} stands there twice`);
		seen.add(key);
		return { ...price, source: cited };
	});
	if (prices.length === 0) throw new BadPriceFile(`${file}: there is no price in it`);

	return {
		provider: path.basename(path.dirname(file)),
		effective_from: day,
		currency: head.data.currency,
		source: [...notes]
			.filter(([name]) => name.length === 1 && name !== '-')
			.map(([, cited]) => cited)
			.join('\n'),
		free_service_messages: head.data.free_service_messages,
		utility_free_in_window: head.data.utility_in_window === 'free',
		prices
	};
}

export interface CallingCode {
	prefix: string;
	country: string;
	region: string;
}

const callingCodeSchema = z.strictObject({
	prefix: z.string().regex(/^[1-9]\d{0,5}$/, 'one to six digits'),
	country: z.string().regex(/^[A-Z]{2}$/, 'two capital letters'),
	region: z.string().regex(/^[a-z_]{4,40}$/, 'a region such as rest_of_latin_america')
});

/** The file that says which country a number is in. Throws BadPriceFile at the first line that is wrong. */
export function readCallingCodes(file: string, text: string): CallingCode[] {
	const seen = new Set<string>();
	return rowsOf(file, text).map(({ line, row }) => {
		const parsed = callingCodeSchema.safeParse(row);
		if (!parsed.success) throw new BadPriceFile(`${file}, line ${line}: ${sentence(parsed.error)}`);
		if (seen.has(parsed.data.prefix))
			throw new BadPriceFile(`${file}, line ${line}: ${parsed.data.prefix} stands there twice`);
		seen.add(parsed.data.prefix);
		return parsed.data;
	});
}

const notesOf = (text: string): Map<string, string> =>
	new Map(
		[...text.matchAll(/^# ([a-z_]+|[A-Z]|-): (.+)$/gm)].map(([, name, value]) => [name ?? '', (value ?? '').trim()])
	);

function rowsOf(file: string, text: string): { line: number; row: Record<string, string> }[] {
	try {
		const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
			columns: true,
			info: true,
			comment: '#',
			comment_no_infix: true,
			skip_empty_lines: true,
			trim: true
		});
		return rows.map(({ record, info }) => ({ line: info.lines, row: record }));
	} catch (error) {
		throw new BadPriceFile(`${file}: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function sentence(error: z.ZodError, prefix = ''): string {
	const issue = error.issues[0];
	return `${prefix}${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`;
}
