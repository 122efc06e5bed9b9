import type { ParameterFormat } from '@prosa/core/whatsapp/templates/component.ts';
import { variablesIn } from '@prosa/core/whatsapp/templates/variables.ts';

/** Examples by part and variable: `body.1`, `header.nome`. */
export type Examples = Record<string, string>;

/** The examples that Meta keeps of a text, by its variables. */
export function readExamples(
	part: 'header' | 'body',
	text: string,
	format: ParameterFormat,
	listed: string[] | undefined,
	named: { param_name: string; example: string }[] | undefined
): Examples {
	return Object.fromEntries(
		variablesIn(text).map((variable, index) => {
			const numbered = format === 'POSITIONAL' ? Number(variable) - 1 : index;
			const example = named?.find(({ param_name }) => param_name === variable)?.example ?? listed?.[numbered] ?? '';
			return [`${part}.${variable}`, example];
		})
	);
}

/** Only what the text names is given an example. */
export function examplesOf(
	part: 'header' | 'body',
	text: string,
	{ format, examples }: { format: ParameterFormat; examples: Examples }
): { example?: Record<string, unknown> } {
	const names = variablesIn(text);
	if (names.length === 0) return {};
	const of = (name: string) => examples[`${part}.${name}`] ?? '';
	if (format === 'NAMED') {
		return {
			example: { [`${part}_text_named_params`]: names.map((name) => ({ param_name: name, example: of(name) })) }
		};
	}
	const listed = [...names].sort((one, other) => Number(one) - Number(other)).map(of);
	return { example: part === 'header' ? { header_text: listed } : { body_text: [listed] } };
}
