import { field, object, text, word, type Rule } from '../rule.ts';
import { componentsRule, type TemplateComponent } from './components.ts';

/**
 * A template as it is sent. That it exists, may be sent and gets the variables it asks for is checked against the
 * synced template (`private.check_template`).
 */
export interface OutgoingTemplate {
	kind: 'template';
	/** Ours: `public.templates.id`. */
	template_id?: string | null;
	name: string;
	language: string;
	/** As the Graph API takes them; uploaded files by `path`. */
	components: TemplateComponent[];
}

export const TEMPLATE_RULE: Rule = object([
	field('kind', word('template')),
	field('template_id', {
		...text(36, 'template_missing', 'template_missing'),
		like: { pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', fault: 'template_missing' }
	}),
	field('name', text(512, 'template_missing', 'template_missing'), 'template_missing'),
	field(
		'language',
		{
			...text(15, 'template_language_invalid', 'template_language_invalid'),
			like: { pattern: '^[A-Za-z]{2,3}(_[A-Za-z]{2,4})?$', fault: 'template_language_invalid' }
		},
		'template_language_invalid'
	),
	field('components', componentsRule, 'field_missing')
]);
