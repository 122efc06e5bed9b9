import type { MediaKind } from '../../whatsapp/content.ts';
import { fold } from '../../text/fold.ts';
import type { AnswerRule, Option } from '../nodes.ts';
import { fitsPattern } from '../pattern.ts';
import type { Value } from '../variables.ts';
import { readCep, readCnpj, readCpf, showCnpj, showCpf } from './documents.ts';
import { readDate, readEmail, readName, readNumber, readPhone } from './written.ts';

/** What the customer sent, as far as a flow cares. */
export interface Inbound {
	id: string;
	seq: number;
	kind: string;
	text: string;
	/** The id of a tapped button or row. */
	choice?: string | null;
	media?: { kind: MediaKind; path?: string | null; mime_type?: string | null; filename?: string | null } | null;
	location?: { latitude: number; longitude: number; name?: string | null; address?: string | null } | null;
	/** Milliseconds since the epoch, by our clock. */
	received_at: number;
}

/** The value of an answer, or null where it is none of the kind that was asked for. `today` is the customer's day. */
export function readAnswer(rule: AnswerRule, message: Inbound, today: string): Value {
	if (rule.kind === 'media') return readMedia(rule, message);
	if (rule.kind === 'location') return message.location ? { ...message.location } : null;
	const text = message.text.trim();
	if (text === '') return null;
	switch (rule.kind) {
		case 'text':
			return text.length >= (rule.min ?? 1) && text.length <= (rule.max ?? 5_000) ? text : null;
		case 'name':
			return readName(text, { ...(rule.min && { min: rule.min }), ...(rule.max && { max: rule.max }) });
		case 'email':
			return readEmail(text);
		case 'phone':
			return readPhone(text);
		case 'cpf': {
			const digits = readCpf(text);
			return digits && showCpf(digits);
		}
		case 'cnpj': {
			const places = readCnpj(text);
			return places && showCnpj(places);
		}
		case 'cep':
			return readCep(text);
		case 'date': {
			const date = readDate(text, today);
			if (date === null || (rule.when === 'future' && date < today) || (rule.when === 'past' && date > today))
				return null;
			return date;
		}
		case 'number': {
			const number = readNumber(text);
			if (number === null || number < (rule.min ?? -Infinity) || number > (rule.max ?? Infinity)) return null;
			return number;
		}
		case 'pattern':
			return fitsPattern(rule.pattern ?? '', text) ? text : null;
		case 'choice':
			return chosen(rule.options ?? [], message, '')?.label ?? null;
	}
}

function readMedia(rule: AnswerRule, { media }: Inbound): Value {
	if (!media || (rule.media && rule.media.length > 0 && !rule.media.includes(media.kind))) return null;
	return {
		kind: media.kind,
		path: media.path ?? null,
		mime_type: media.mime_type ?? null,
		filename: media.filename ?? null
	};
}

/** Which option is meant: the tapped one, or by its number, its words, or words that only it begins with. */
export function chosen(options: readonly Option[], message: Inbound, prefix: string): Option | null {
	if (message.choice) {
		const tapped = options.find(({ id }) => `${prefix}${id}` === message.choice);
		if (tapped) return tapped;
	}
	const said = fold(message.text).replace(/^[\s*_.#-]+|[\s*_.!?-]+$/g, '');
	if (said === '') return null;
	const exact = options.find(({ label, id }) => fold(label) === said || id === said);
	if (exact) return exact;
	const number = /^(?:opcao |option )?(\d{1,2})$/.exec(said)?.[1];
	if (number !== undefined) return options[Number(number) - 1] ?? null;
	if (said.length < 3) return null;
	const meant = options.filter(({ label }) =>
		fold(label)
			.replace(/^[^\p{L}\p{N}]+/u, '')
			.startsWith(said)
	);
	return meant.length === 1 ? (meant[0] ?? null) : null;
}
