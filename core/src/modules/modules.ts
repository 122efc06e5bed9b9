import type { z } from 'zod';
import type { Sentences } from '../locale.ts';
import { formOf, isAsked, isNeeded, type FormField, type Values } from './form.ts';
import { Http } from './http.ts';
import { Sgp } from './sgp.ts';

export interface Module {
	name: Sentences;
	text: Sentences;
	/** Whether a company may have several, each with a name of its own. */
	several: boolean;
	schema: z.ZodObject;
}

/** Every integration there is. A new one adds its schema, its line here, and a test for the worker. */
export const MODULES = {
	sgp: {
		name: { 'pt-BR': 'SGP', en: 'SGP' },
		text: {
			'pt-BR':
				'ERP de provedores de internet: cliente por CPF, boletos e PIX em aberto, desbloqueio de confiança e conexão, dentro dos fluxos.',
			en: "Internet providers' ERP: customer by CPF, open invoices with boleto and PIX, trust unblock and connection, within flows."
		},
		several: false,
		schema: Sgp
	},
	http: {
		name: { 'pt-BR': 'Conexão HTTP', en: 'HTTP connection' },
		text: {
			'pt-BR': 'Um sistema seu que os fluxos chamam pelo nome. O endereço e as chaves ficam aqui, e não nos fluxos.',
			en: 'A system of yours that flows call by name. Its address and keys stay here, and not in flows.'
		},
		several: true,
		schema: Http
	}
} as const satisfies Record<string, Module>;

export type ModuleId = keyof typeof MODULES;
export const MODULE_IDS = Object.keys(MODULES) as ModuleId[];
export const isModuleId = (text: string): text is ModuleId => Object.hasOwn(MODULES, text);

const forms = new Map<ModuleId, FormField[]>();

/** The form of a module. */
export function fieldsOf(id: ModuleId): FormField[] {
	let made = forms.get(id);
	if (!made) forms.set(id, (made = formOf(MODULES[id].schema)));
	return made;
}

export interface Filled {
	/** Without secrets: what may be shown again. */
	configuration: Values;
	/** Those that were written now. */
	secrets: Record<string, string>;
	/** The secrets that the configuration has a place for; any other is thrown away. */
	holds: string[];
}

export type FieldFault = { field: string; code: 'needed' | 'wrong' };

/**
 * Reads a form as it was filled in. `kept`: the secrets that stand already, which need not be written again. What is not
 * asked for, as it is filled in, is left out.
 */
export function readForm(
	id: ModuleId,
	values: Readonly<Record<string, unknown>>,
	kept: ReadonlySet<string>
): { filled: Filled; faults: null } | { filled: null; faults: FieldFault[] } {
	const { schema } = MODULES[id];
	const filled: Filled = { configuration: {}, secrets: {}, holds: [] };
	const faults: FieldFault[] = [];
	const known = fieldsOf(id);
	const all = { ...Object.fromEntries(known.map(({ name, initial }) => [name, initial])), ...values };
	for (const one of known.filter((each) => isAsked(each, all))) {
		const { name, kind } = one;
		const value = values[name];
		const empty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
		if (kind === 'secret') {
			const stands = kept.has(name);
			if (empty && !stands && isNeeded(one)) faults.push({ field: name, code: 'needed' });
			if (!empty || stands) filled.holds.push(name);
			if (empty) continue;
		} else if (empty && isNeeded(one)) {
			faults.push({ field: name, code: 'needed' });
			continue;
		}
		const read = (schema.shape as Record<string, z.ZodType>)[name]?.safeParse(empty ? undefined : value);
		if (!read?.success) faults.push({ field: name, code: 'wrong' });
		else if (kind === 'secret') filled.secrets[name] = String(read.data);
		else if (read.data !== undefined) filled.configuration[name] = read.data as Values[string];
	}
	const strange = Object.keys(values).filter((name) => !known.some((one) => one.name === name));
	faults.push(...strange.map((name) => ({ field: name, code: 'wrong' as const })));
	return faults.length > 0 ? { filled: null, faults } : { filled, faults: null };
}
