import { checkDraft } from '@prosa/core/whatsapp/templates/authoring.ts';
import { expect, test } from 'vitest';
import { demoTemplates } from '../../../../simulators/whatsapp/src/state/demo_templates.ts';
import { draftOf, emptyForm, formOf, nextVariable } from './editor_form.ts';

test('a template that is opened and not touched says the same when it is saved', () => {
	for (const { name, language, category, parameter_format, components } of demoTemplates()) {
		// The words of an authentication template are WhatsApp’s own.
		if (category === 'AUTHENTICATION') continue;
		const form = formOf(name, language, { category, parameter_format, components });
		const again = draftOf(form).components;
		expect(formOf(name, language, { category, parameter_format, components: again }).body).toBe(form.body);
		expect(again.map(({ type }) => type).sort(), name).toEqual(components.map(({ type }) => type).sort());
		expect(again.find(({ type }) => type === 'BODY')).toEqual(components.find(({ type }) => type === 'BODY'));
	}
});

test('an empty form is told what it lacks, a filled one nothing', () => {
	expect(checkDraft(draftOf(emptyForm())).map(({ field }) => field)).toEqual(['name', 'body']);
	const form = { ...emptyForm(), name: 'oi', body: 'Oi, {{1}}! Seu pão está pronto.', examples: { 'body.1': 'Ana' } };
	expect(checkDraft(draftOf(form))).toEqual([]);
	expect(checkDraft(draftOf({ ...emptyForm(), name: 'codigo', category: 'AUTHENTICATION' }))).toEqual([]);
});

test('the next variable continues the text', () => {
	expect(nextVariable('Oi, {{1}} e {{2}}', 'POSITIONAL')).toBe('{{3}}');
	expect(nextVariable('Oi', 'NAMED')).toBe('{{nome}}');
	expect(nextVariable('Oi, {{nome}}', 'NAMED')).toBe('{{campo_2}}');
});
