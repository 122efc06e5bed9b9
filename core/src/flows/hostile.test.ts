import { expect, test } from 'vitest';
import { LOCALES } from '../locale.ts';
import { checkFlow } from './check.ts';
import { FAULTS, faultText } from './faults.ts';
import { parseFlow } from './flow.ts';
import { HOSTILE, STRANGE } from './hostile.testing.ts';

test.each(HOSTILE)('refuses $what, names the place and says why', ({ text, path, code }) => {
	const { flow, faults } = parseFlow(text);
	expect(flow).toBeNull();
	expect(faults?.[0]).toMatchObject({ path, code });
	for (const locale of LOCALES)
		for (const fault of faults ?? []) expect(faultText(fault, locale)).not.toBe(FAULTS.invalid[locale]);
});

test('nothing that is read reaches into what objects are made of', () => {
	for (const { text } of HOSTILE) parseFlow(text);
	expect(({} as Record<string, unknown>).admin).toBeUndefined();
	expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test.each(STRANGE)('reads $what as it stands', ({ text }) => {
	const { flow } = parseFlow(text);
	expect(flow).not.toBeNull();
	if (flow) expect(() => checkFlow(flow, { flows: new Set() })).not.toThrow();
});

test('a kind of block and a format that are not ours are called so', () => {
	const fault = (path: string, code: string) => faultText({ path, code, node: null }, 'pt-BR');
	expect(fault('nodes[3].type', 'invalid_union')).toBe(FAULTS.kind_unknown['pt-BR']);
	expect(fault('format', 'invalid_value')).toBe(FAULTS.format_unknown['pt-BR']);
	expect(fault('nodes[3].type', 'toString')).toBe(FAULTS.invalid['pt-BR']);
});
