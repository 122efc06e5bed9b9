import type { Schema } from './request.ts';
import type { Understood } from './understand.ts';

/** What a conversation says that a value can be made of. */
export interface Said {
	understood: Understood;
	/** The customer's last words. */
	last: string;
	/** Everything the customer said and tools answered, newest first. */
	texts: string[];
}

/** Values are recognised by the name of their property, in either language. A mask's placeholder is as good as a number. */
const NAMED: [RegExp, RegExp][] = [
	[/cpf|cnpj|document/i, /\[(?:CPF|CNPJ)_\d+\]|\d{3}\.?\d{3}\.?\d{3}-?\d{2}|\d{2}\.?\d{3}\.?\d{3}\/?\d{4}-?\d{2}/],
	[/e-?mail/i, /\[EMAIL_\d+\]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/],
	[/phone|telefone|celular/i, /\[PHONE_\d+\]|\+?\d[\d\s().-]{8,}\d/],
	[/cep|postal|zip/i, /\[CEP_\d+\]|\d{5}-?\d{3}/],
	[/contract|contrato/i, /(?<="(?:contratoId|contrato|contract_id|contract)"\s*:\s*"?)\d+|(?<=contrato\s+n?º?\s*)\d+/i],
	[/invoice|fatura|titulo/i, /(?<="(?:fatura|invoice_id|invoice|id)"\s*:\s*"?)\d+/i],
	[/date|data|dia/i, /\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}(?:\/\d{2,4})?/]
];

/** A value that fits a schema, out of what was said; undefined where nothing said is one. */
export function fill(name: string, schema: Schema, said: Said): unknown {
	if (schema.const !== undefined) return schema.const;
	if (schema.anyOf) {
		const chosen = schema.anyOf.find((one) => one.type !== 'null');
		return chosen && fill(name, chosen, said);
	}
	if (schema.enum) return chooseOf(schema.enum, said);
	const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
	switch (type) {
		case 'object':
			return fillObject(schema, said);
		case 'array':
			return /facts?$/i.test(name) ? factsIn(said) : [];
		case 'boolean':
			return /hand_?over|transfer|human|escalat/i.test(name) && wantsPerson(said.understood);
		case 'integer':
		case 'number':
			return numberOf(name, schema, said);
		case 'string':
			return textOf(name, said)?.slice(0, schema.maxLength ?? 2_000);
		default:
			return textOf(name, said);
	}
}

/** What somebody has, prefers or plans, as they say it of themselves, said of them. */
const OF_THEMSELVES: [RegExp, string][] = [
	[/\btenho (um|uma|dois|duas)\b/i, 'Tem $1'],
	[/\bprefiro\b/i, 'Prefere'],
	[/\bmoro\b/i, 'Mora'],
	[/\bi have (an?|two)\b/i, 'Has $1'],
	[/\bi prefer\b/i, 'Prefers'],
	[/\bi live\b/i, 'Lives']
];

function factsIn({ last }: Said): string[] {
	const clauses = last.replace(/<[^>]*>/g, '\n').match(/[^.!?;\n]+/g) ?? [];
	return clauses.flatMap((clause) =>
		OF_THEMSELVES.flatMap(([words, told]) => {
			const found = words.exec(clause);
			return found ? [clause.slice(found.index).replace(words, told).trim().slice(0, 160)] : [];
		})
	);
}

/** Every property that is required, and every other that something was said of. */
export function fillObject(schema: Schema, said: Said): Record<string, unknown> {
	const entries = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, fill(name, one, said)] as const);
	return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export const wantsPerson = ({ intent, sentiment }: Understood): boolean =>
	['person', 'cancel', 'complaint'].includes(intent) || sentiment === 'negative';

function chooseOf(values: unknown[], { understood }: Said): unknown {
	const known: unknown[] = Object.values(understood);
	return values.find((value) => known.includes(value)) ?? values.find((value) => value === 'neutral') ?? values[0];
}

function numberOf(name: string, schema: Schema, said: Said): number | undefined {
	const found = Number(search(name, said) ?? (/confidence|score/i.test(name) ? (schema.maximum ?? 1) * 0.9 : NaN));
	if (Number.isNaN(found)) return undefined;
	const bounded = Math.min(schema.maximum ?? Infinity, Math.max(schema.minimum ?? -Infinity, found));
	return schema.type === 'integer' ? Math.round(bounded) : bounded;
}

function textOf(name: string, said: Said): string | undefined {
	if (NAMED.some(([property]) => property.test(name))) return search(name, said);
	const { understood, last } = said;
	if (/intent/i.test(name)) return understood.intent;
	if (/language|idioma/i.test(name)) return understood.language;
	if (/reason|motivo/i.test(name)) return REASONS[understood.language][wantsPerson(understood) ? 'person' : 'bot'];
	if (/^(text|advice)$/i.test(name)) return ADVICE[understood.language][wantsPerson(understood) ? 'person' : 'bot'];
	return last || undefined;
}

const ADVICE = {
	'pt-BR': {
		person: 'O cliente está insatisfeito ou pediu uma pessoa: responda com calma e resolva agora.',
		bot: 'O cliente espera uma resposta: responda ao que ele perguntou.'
	},
	en: {
		person: 'The customer is upset or asked for a person: answer calmly and settle it now.',
		bot: 'The customer waits for an answer: reply to what they asked.'
	}
};

const REASONS = {
	'pt-BR': { person: 'O cliente precisa de uma pessoa.', bot: 'O assunto pode ser respondido aqui.' },
	en: { person: 'The customer needs a person.', bot: 'This can be answered here.' }
};

function search(name: string, { texts }: Said): string | undefined {
	for (const [property, pattern] of NAMED) {
		if (!property.test(name)) continue;
		for (const text of texts) {
			const found = pattern.exec(text)?.[0];
			if (found !== undefined) return found;
		}
	}
	return undefined;
}
