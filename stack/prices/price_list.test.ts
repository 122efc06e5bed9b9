import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pricesDir } from './load_prices.ts';
import { readCallingCodes, readPriceList } from './price_list.ts';

const HEAD = '# currency: USD\n# free_service_messages: 1000\n# utility_in_window: charged\n# A: a page\n';
const COLUMNS = 'market,category,tier_from,amount,source\n';
const read = (rows: string, head = HEAD) => readPriceList('whatsapp/2026-10-01.csv', head + COLUMNS + rows);

test('a list tells its currency, its rules and where each price comes from', () => {
	expect(read('BR,utility,0,0.0068,A\nBR,utility,250001,0.0065,A\nKZ,utility,0,,A\n')).toEqual({
		provider: 'whatsapp',
		effective_from: '2026-10-01',
		currency: 'USD',
		source: 'a page',
		free_service_messages: 1000,
		utility_free_in_window: false,
		prices: [
			{ market: 'BR', category: 'utility', tier_from: 0, amount: '0.0068', source: 'a page' },
			{ market: 'BR', category: 'utility', tier_from: 250001, amount: '0.0065', source: 'a page' },
			{ market: 'KZ', category: 'utility', tier_from: 0, amount: null, source: 'a page' }
		]
	});
});

test.each([
	['a market that is none', 'brazil!,utility,0,0.1,A\n', 'line 6: market'],
	['a category that nobody has', 'BR,spam,0,0.1,A\n', 'line 6: category'],
	['a comma for a decimal point', 'BR,utility,0,"0,0068",A\n', 'line 6: amount'],
	['a negative price', 'AR,utility,0,0.1,A\nBR,utility,0,-1,A\n', 'line 7: amount'],
	['a source that is not explained', 'BR,utility,0,0.1,Z\n', 'line 6: source Z'],
	['one price twice', 'BR,utility,0,0.1,A\nBR,utility,0,0.2,A\n', 'line 7: BR utility 0 stands there twice'],
	['a row with a column too many', 'BR,utility,0,0.1,A,more\n', 'line 6'],
	['no price at all', '', 'no price']
])('a file with %s is refused, and the line is named', (_name, rows, complaint) => {
	expect(() => read(rows)).toThrow(complaint);
});

test('a list without its rules, or under a name that is no day, is refused', () => {
	expect(() => read('BR,utility,0,0.1,A\n', '# A: a page\n')).toThrow('# currency');
	expect(() => readPriceList('whatsapp/october.csv', '')).toThrow('the name of a price list is its day');
});

test('every price file of the repository can be read, cites a source for each price, and knows Brazil', () => {
	const dir = path.join(pricesDir, 'whatsapp');
	const names = fs.readdirSync(dir).filter((name) => name !== 'calling_codes.csv');
	expect(names.length).toBeGreaterThanOrEqual(2);
	for (const name of names) {
		const list = readPriceList(path.join(dir, name), fs.readFileSync(path.join(dir, name), 'utf8'));
		expect(list.prices.filter((price) => price.amount !== null && price.source.length < 20)).toEqual([]);
		expect(list.prices.some((price) => price.market === 'BR')).toBe(true);
	}
	const codes = readCallingCodes('calling_codes.csv', fs.readFileSync(path.join(dir, 'calling_codes.csv'), 'utf8'));
	expect(codes.find((code) => code.prefix === '55')).toEqual({
		prefix: '55',
		country: 'BR',
		region: 'rest_of_latin_america'
	});
});
