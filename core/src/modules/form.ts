import { z } from 'zod';
import type { Sentences } from '../locale.ts';

export const FIELD_KINDS = ['text', 'url', 'secret', 'choice', 'number', 'switch'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** What a schema's field says of itself, so that a form can be made of it. */
export interface FieldWords {
	kind: FieldKind;
	label: Sentences;
	help?: Sentences;
	placeholder?: string;
	/** Words of a choice's values. */
	choices?: Record<string, Sentences>;
	/** Asked for only where another field has one of these values; a field that is optional in the schema is then needed. */
	when?: { field: string; is: readonly string[]; optional?: boolean };
}

const words = z.registry<FieldWords>();

/** A field of a module's configuration with its words; a schema may serve several fields, each with its own. */
export function field<Schema extends z.ZodType>(schema: Schema, about: FieldWords): Schema {
	const own = schema.clone();
	words.add(own, about);
	return own;
}

/** A field as a form shows it: what JSON Schema says of its values, and its words. */
export interface FormField extends Omit<FieldWords, 'choices'> {
	name: string;
	required: boolean;
	/** What stands there before anything is written. */
	initial: Value;
	choices: { value: string; label: Sentences }[];
	least?: number;
	most?: number;
	longest?: number;
}

export type Value = string | number | boolean;
export type Values = Record<string, Value>;

const Described = z.looseObject({
	default: z.union([z.string(), z.number(), z.boolean()]).optional(),
	enum: z.array(z.string()).optional(),
	minimum: z.number().optional(),
	maximum: z.number().optional(),
	maxLength: z.number().optional()
});

/** The form that a schema describes, its fields in their order. Throws where one has no words. */
export function formOf(schema: z.ZodObject): FormField[] {
	const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
	return Object.entries(schema.shape).map(([name, one]) => {
		const about = words.get(one as z.ZodType);
		if (!about) throw new Error(`the field ${name} has no words`);
		const { default: initial, enum: values, ...bounds } = Described.parse(json.properties?.[name] ?? {});
		return {
			...about,
			name,
			required: json.required?.includes(name) ?? false,
			initial: initial ?? (about.kind === 'switch' ? false : ''),
			choices: (values ?? []).map((value) => ({
				value,
				label: about.choices?.[value] ?? { 'pt-BR': value, en: value }
			})),
			...(about.kind === 'number' && bounds.minimum !== undefined ? { least: bounds.minimum } : {}),
			...(about.kind === 'number' && bounds.maximum !== undefined ? { most: bounds.maximum } : {}),
			...(bounds.maxLength === undefined ? {} : { longest: bounds.maxLength })
		};
	});
}

/** Whether a form shows a field, as far as it is filled in. */
export const isAsked = ({ when }: FormField, values: Readonly<Record<string, unknown>>): boolean =>
	!when || when.is.includes(String(values[when.field] ?? ''));

/** Whether it can't be left empty there. */
export const isNeeded = (one: FormField): boolean => one.required || (one.when !== undefined && !one.when.optional);
