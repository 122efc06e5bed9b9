import { expect, test } from 'vitest';
import { LOCALES } from '../locale.ts';
import { GRAPH_ERRORS, graphRule, type GraphAction } from './graph_errors.ts';

const ACTIONS: [GraphAction, number[]][] = [
	['slow', [130429, 80007, 4]],
	['pair', [131056]],
	['later', [131048, 131049]],
	['optout', [131050]],
	['fail', [131047, 131026, 131021, 131051]],
	['template', [132000, 132001, 132005, 132007, 132012, 132015, 132016]],
	['hold', [190, 0, 10, 200]],
	['retry', [131052, 131053, 131000, 131016, 1, 2]]
];

test.each(ACTIONS)('codes that mean %s are treated so: %j', (action, codes) => {
	for (const code of codes) expect([code, GRAPH_ERRORS.get(code)?.action]).toEqual([code, action]);
});

test('too many messages to one person wait 4, 16, 64 … seconds', () => {
	const { after_seconds } = graphRule(131056);
	expect([1, 2, 3].map(after_seconds)).toEqual([4, 16, 64]);
});

test('a marketing limit waits a day at least; a closed window offers a template', () => {
	expect(graphRule(131049).after_seconds(1)).toBeGreaterThanOrEqual(86_400);
	expect(graphRule(131047).offer_template).toBe(true);
});

test('media is tried again, then fails; other limits wait without end', () => {
	expect(graphRule(131053).after_seconds(1)).toBe(5);
	expect(graphRule(131053).after_seconds(4)).toBeNull();
	expect(graphRule(130429).after_seconds(50)).toBe(600);
});

test('an unknown code is judged by its HTTP status', () => {
	expect(graphRule(999_999, 503).action).toBe('retry');
	expect(graphRule(999_999, 429).action).toBe('slow');
	expect(graphRule(999_999, 400).action).toBe('fail');
	expect(graphRule(299).action).toBe('hold');
});

test('every rule tells the agent in every language', () => {
	for (const [code, { sentence }] of GRAPH_ERRORS) {
		for (const locale of LOCALES) expect(sentence[locale], String(code)).toMatch(/^[A-ZÀ-Ú].*\.$/);
	}
});
