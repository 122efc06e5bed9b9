import type { TemplateText } from '@prosa/core/whatsapp/templates/component.ts';
import { fillTemplate, templateFields, type FieldValue } from '@prosa/core/whatsapp/templates/fill.ts';

/** What would fill a template with its author's own examples: how it is drawn where nobody fills it. */
export function exampleComponents(template: TemplateText): Record<string, unknown>[] {
	const values: Record<string, FieldValue> = {};
	for (const { id, kind, example } of templateFields(template))
		if (kind === 'text' && example !== '') values[id] = example;
	return fillTemplate(template, values);
}
