import type { HeaderFile } from '../interactive/parts.ts';
import { FILENAME_MAX, fileFields } from '../media.ts';
import { field, id, object, text, word, type Field, type Rule } from '../rule.ts';

/** As long as a body may grow where it stands alone: …/whatsapp/messages/template-messages */
export const PARAMETER_MAX = 32_768;

type Named<T> = T & {
	/** For templates whose variables have names. */
	parameter_name?: string | null;
};

export type TemplateParameter =
	| Named<{ type: 'text'; text: string }>
	| Named<{ type: 'currency'; currency: { fallback_value: string; code: string; amount_1000: number } }>
	| Named<{ type: 'date_time'; date_time: { fallback_value: string; [detail: string]: unknown } }>
	| { type: 'image'; image: HeaderFile }
	| { type: 'video'; video: HeaderFile }
	| { type: 'document'; document: HeaderFile }
	| {
			type: 'location';
			location: { latitude: number; longitude: number; name?: string | null; address?: string | null };
	  }
	| { type: 'product'; product: { product_retailer_id: string; catalog_id: string } }
	| { type: 'payload'; payload: string }
	| { type: 'coupon_code'; coupon_code: string }
	| { type: 'action'; action: Record<string, unknown> }
	| { type: 'limited_time_offer'; limited_time_offer: { expiration_time_ms: number } };

/** That a value is given and reads as Meta takes it (132018) is checked with the template, which knows where it goes. */
const value = text(PARAMETER_MAX, 'template_parameter_too_long');
const name = field('parameter_name', id(512));

/** A parameter holds its value under the name of its type. */
export const parameter = (type: string, rule: Rule, ...more: Field[]): Rule =>
	object([field('type', word(type)), field(type, rule, 'template_parameter_empty'), ...more]);

export const textParameter = parameter('text', value, name);

/** Meta's own format, with the words to show where the app can't format it. */
const formatted = (...more: Field[]): Rule =>
	object([field('fallback_value', value, 'template_parameter_empty'), ...more]);
const amount = { is: 'number', min: -1e15, max: 1e15, low: 'value_invalid', high: 'value_invalid' } as const;

export const currencyParameter = parameter(
	'currency',
	formatted(field('code', id(3), 'field_missing'), field('amount_1000', amount, 'field_missing')),
	name
);

const DATE_PARTS = ['day_of_week', 'year', 'month', 'day_of_month', 'hour', 'minute'];
export const dateParameter = parameter(
	'date_time',
	formatted(...DATE_PARTS.map((part) => field(part, amount)), field('calendar', id(32)), field('timestamp', amount)),
	name
);

/** Here Meta's own id will do as well: a template may have been given its picture once for all. */
export function fileParameter(kind: 'image' | 'video' | 'document'): Rule {
	const more = kind === 'document' ? [field('filename', text(FILENAME_MAX, 'filename_too_long'))] : [];
	return parameter(
		kind,
		object([...fileFields(kind), field('id', id()), ...more], {
			exactly_one: { of: ['path', 'link', 'id'], none: 'media_missing', many: 'media_ambiguous' },
			needs: { with: 'path', fields: ['mime_type', 'size'], fault: 'field_missing' }
		})
	);
}

export const ttl: Rule = {
	is: 'number',
	min: 0,
	max: 8.64e15,
	whole: true,
	low: 'value_invalid',
	high: 'value_invalid'
};
