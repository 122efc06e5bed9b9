import type { Sentences } from '../locale.ts';

/** What a canned response may name, and what it is called. `contact_attribute.<key>` besides. */
export const VARIABLES = {
	'contact.first_name': { 'pt-BR': 'Primeiro nome do cliente', en: "Customer's first name" },
	'contact.name': { 'pt-BR': 'Nome do cliente', en: "Customer's name" },
	'contact.phone': { 'pt-BR': 'Telefone do cliente', en: "Customer's phone" },
	'agent.first_name': { 'pt-BR': 'Seu primeiro nome', en: 'Your first name' },
	'agent.name': { 'pt-BR': 'Seu nome', en: 'Your name' },
	'workspace.name': { 'pt-BR': 'Nome da empresa', en: 'Name of the company' },
	'conversation.id': { 'pt-BR': 'Número da conversa', en: 'Number of the conversation' },
	greeting: { 'pt-BR': 'Bom dia, boa tarde ou boa noite', en: 'Good morning, afternoon or evening' }
} as const satisfies Record<string, Sentences>;
export type VariableName = keyof typeof VARIABLES | `contact_attribute.${string}`;

const attribute = /^contact_attribute\.[A-Za-z0-9_]{1,60}$/;

/** Whether there is a variable of this name. The same rule stands in sql/44_canned_written.sql. */
export function isVariable(name: string): name is VariableName {
	return Object.hasOwn(VARIABLES, name) || attribute.test(name);
}

/** What is known where a response is used. Null or empty: not known. */
export interface Facts {
	contact: { name: string | null; phone: string | null; attributes: Readonly<Record<string, unknown>> };
	agent: { name: string };
	workspace: { name: string; timezone: string };
	conversation: { id: string };
	/** The language that `{{greeting}}` is said in. */
	language: string;
	now: Date;
}

/** The value of a variable; empty where it isn't known. */
export function valueOf(name: VariableName, facts: Facts): string {
	switch (name) {
		case 'contact.first_name':
			return firstName(facts.contact.name);
		case 'contact.name':
			return (facts.contact.name ?? '').trim();
		case 'contact.phone':
			return (facts.contact.phone ?? '').trim();
		case 'agent.first_name':
			return firstName(facts.agent.name);
		case 'agent.name':
			return facts.agent.name.trim();
		case 'workspace.name':
			return facts.workspace.name.trim();
		case 'conversation.id':
			// The beginning is enough to find it, and can be said aloud.
			return facts.conversation.id.slice(0, 8).toUpperCase();
		case 'greeting':
			return greeting(facts);
		default:
			return attributeText(facts.contact.attributes, name.slice('contact_attribute.'.length));
	}
}

function firstName(name: string | null): string {
	return (name ?? '').trim().split(/\s+/)[0] ?? '';
}

function attributeText(attributes: Facts['contact']['attributes'], key: string): string {
	const value = Object.hasOwn(attributes, key) ? attributes[key] : null;
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(', ');
	return '';
}

const greetings: Record<string, readonly [string, string, string]> = {
	pt: ['bom dia', 'boa tarde', 'boa noite'],
	en: ['good morning', 'good afternoon', 'good evening'],
	es: ['buenos días', 'buenas tardes', 'buenas noches']
};

/** By the clock of the company: morning from 5, afternoon from 12, evening from 18. */
function greeting({ workspace, language, now }: Facts): string {
	const words = greetings[language.slice(0, 2)] ?? greetings['pt'];
	const hour = hourIn(workspace.timezone, now);
	return (hour >= 5 && hour < 12 ? words?.[0] : hour >= 12 && hour < 18 ? words?.[1] : words?.[2]) ?? '';
}

function hourIn(timeZone: string, now: Date): number {
	try {
		return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(now));
	} catch {
		return now.getUTCHours();
	}
}
