import { checkDraft, type TemplateDraft } from '@prosa/core/whatsapp/templates/authoring.ts';
import { readComponents, type TemplateComponent } from '@prosa/core/whatsapp/templates/component.ts';
import type { DraftFault } from '@prosa/core/whatsapp/templates/draft_faults.ts';
import { z } from 'zod';
import { GraphError } from '../graph/error.ts';

/** What is submitted, as far as its shape goes. */
export const draftSchema = z.looseObject({
	name: z.string().min(1),
	language: z.string().min(2),
	category: z.enum(['MARKETING', 'UTILITY', 'AUTHENTICATION']),
	parameter_format: z
		.string()
		.toUpperCase()
		.pipe(z.enum(['POSITIONAL', 'NAMED']))
		.default('POSITIONAL'),
	components: z.array(z.looseObject({ type: z.string() })).min(1)
});

/** Subcodes of Meta's for the faults it names by one; others are told by their sentence alone. */
const SUBCODES: Partial<Record<DraftFault, [number, string, string]>> = {
	variable_at_edge: [
		2388299,
		"Variables can't be at the start or end of the template.",
		'Add text around the variable.'
	],
	variables_too_many: [
		2388293,
		'This template has too many variables for its length.',
		'Reduce the number of variables or increase the message length.'
	],
	body_length: [2388040, 'Character Limit Exceeded', 'The body may have 1,024 characters at most.'],
	header_length: [2388040, 'Character Limit Exceeded', 'The header may have 60 characters at most.'],
	footer_length: [2388040, 'Character Limit Exceeded', 'The footer may have 60 characters at most.'],
	button_text_length: [2388040, 'Character Limit Exceeded', 'A button may have 25 characters at most.'],
	header_plain: [
		2388047,
		'Message Header Format is Incorrect',
		"The header can't have new lines, emojis or formatting."
	],
	header_variables: [2388047, 'Message Header Format is Incorrect', 'The header may have one variable.'],
	body_blank_lines: [
		2388072,
		'Message Body Format is Incorrect',
		"The body can't have more than two line breaks in a row."
	],
	footer_variable: [2388073, 'Message Footer Format is Incorrect', "The footer can't have variables."],
	sample_missing: [2388043, 'Message template is missing expected field(s)', 'Examples are missing for the variables.'],
	header_sample: [2388043, 'Message template is missing expected field(s)', 'The header is missing an example.'],
	name_invalid: [2388042, 'Invalid template name', 'Use small letters, digits and underscores.']
};

/** An error of Meta's about a template, with what it tells people. */
export function templateError(subcode: number, title: string, message: string): GraphError {
	return new GraphError({
		status: 400,
		code: 100,
		subcode,
		message: 'Invalid parameter',
		user: { title, message }
	});
}

/** What Meta makes of a draft: its components, authentication texts written out. Throws what Meta would answer. */
export function acceptDraft(draft: z.infer<typeof draftSchema>): TemplateComponent[] {
	const components = readComponents(draft.components);
	if (components.length !== draft.components.length)
		throw templateError(2388273, 'Invalid component', 'A component has a type or shape that is not supported.');
	const [problem] = checkDraft({ ...draft, components } as TemplateDraft);
	if (problem) {
		const [subcode, title, message] = SUBCODES[problem.code] ?? [
			2388273,
			'Invalid parameter',
			`${problem.field}: ${problem.code}`
		];
		throw templateError(subcode, title, message);
	}
	return draft.category === 'AUTHENTICATION' ? components.map(authentication) : components;
}

/** The words of authentication templates are Meta's. */
function authentication(component: TemplateComponent): TemplateComponent {
	switch (component.type) {
		case 'BODY':
			return {
				...component,
				text: `*{{1}}* é seu código de verificação.${component.add_security_recommendation ? ' Para sua segurança, não o compartilhe.' : ''}`
			};
		case 'FOOTER':
			return component.code_expiration_minutes === undefined
				? component
				: { ...component, text: `Este código expira em ${component.code_expiration_minutes} minutos.` };
		case 'BUTTONS':
			return {
				...component,
				buttons: component.buttons.map((button) => ({
					type: 'URL',
					text: button.text ?? 'Copiar código',
					url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}'
				}))
			};
		default:
			return component;
	}
}
