import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEND_CASES } from './cases.testing.ts';
import { checkTemplate } from './check.ts';
import { SEND_FAULTS, sendFaultSentence } from './faults.ts';
import { fillTemplate, templateFields, type FieldValue } from './fill.ts';

test.each(SEND_CASES)('$name', ({ template, components, reads, fault }) => {
	expect(checkTemplate(template, components)).toEqual(fault ? { fault } : { fault: null, body: reads });
});

test('every fault is met by a case and has its sentences', () => {
	const met = new Set(SEND_CASES.map(({ fault }) => fault));
	// A header's variable is one: another name for it can only be given where it is named.
	expect(Object.keys(SEND_FAULTS).filter((fault) => !met.has(fault as never))).toEqual(['header_name']);
	expect(sendFaultSentence('body_count', 'pt-BR')).toContain('variáveis');
	expect(sendFaultSentence('toString', 'en')).toBeNull();
});

test('whatever a form asks for is enough: a template with all its fields filled is never refused', () => {
	const word = fc.stringMatching(/^[a-zA-Z0-9]{1,12}$/);
	const templates = fc.constantFrom(...new Set(SEND_CASES.map(({ template }) => template)));
	fc.assert(
		fc.property(templates, fc.array(word, { minLength: 24, maxLength: 24 }), (template, words) => {
			const values: Record<string, FieldValue> = {};
			templateFields(template).forEach(({ id, kind }, index) => {
				const value = words[index] ?? 'x';
				if (kind === 'location') values[id] = { latitude: 1, longitude: 2 };
				else if (kind === 'time') values[id] = '2026-12-24T18:00:00Z';
				else if (kind === 'image') values[id] = { link: 'https://a.test/b.jpg' };
				else values[id] = value;
			});
			expect(checkTemplate(template, fillTemplate(template, values)).fault).toBeNull();
		})
	);
});

test('whatever a form leaves out is found', () => {
	for (const template of new Set(SEND_CASES.map((one) => one.template))) {
		if (templateFields(template).length > 0)
			expect(checkTemplate(template, fillTemplate(template, {})).fault).not.toBeNull();
	}
});

test('a check is total: any JSON is refused or accepted, never an exception', () => {
	const templates = fc.constantFrom(...new Set(SEND_CASES.map(({ template }) => template)));
	fc.assert(fc.property(templates, fc.jsonValue(), (template, components) => void checkTemplate(template, components)));
});
