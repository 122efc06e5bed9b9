import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LOCALES } from '../locale.ts';
import { CATALOGUE, sentence } from './catalogue.ts';

const sql = new URL('../../../sql/', import.meta.url);
const sources = readdirSync(sql, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.sql'))
	.map((file) => readFileSync(new URL(file, sql), 'utf8'));

/** Codes as the database raises them: private.refuse(404, 'code'), or raise sqlstate 'PT404' using message = 'code'. */
function raised(): [code: string, status: number][] {
	return sources.flatMap((source) => [
		...[...source.matchAll(/refuse\((\d{3}),\s*'([a-z_]+)'/g)].map(
			([, status, code]) => [code, Number(status)] as [string, number]
		),
		...[...source.matchAll(/'PT(\d{3})'\s+using\s+message\s*=\s*'([a-z_]+)'/g)].map(
			([, status, code]) => [code, Number(status)] as [string, number]
		)
	]);
}

test('every error the database raises has its sentences and its status here', () => {
	const codes = raised();
	expect(codes.length).toBeGreaterThan(5);
	for (const [code, status] of codes) {
		expect(CATALOGUE, code).toHaveProperty(code);
		expect([code, CATALOGUE[code as keyof typeof CATALOGUE].status]).toEqual([code, status]);
	}
});

test('every code speaks every language, and an unknown one still says something', () => {
	for (const [code, entry] of Object.entries(CATALOGUE)) {
		for (const locale of LOCALES) expect(entry[locale], code).toMatch(/^[A-ZÀ-Ú].*\.$/);
	}
	for (const code of ['no_such_code', 'toString', '__proto__'])
		expect(sentence(code, 'pt-BR')).toMatch(/Tente de novo/);
	expect(sentence('window_closed', 'en')).toContain('24-hour');
});
