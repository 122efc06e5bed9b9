import { isVariable, valueOf, type Facts, type VariableName } from './variables.ts';

/** One token: `{{contact.first_name|cliente}}`. */
const token = /\{\{(?<inside>[^{}\n]*)\}\}/g;

/** Why a text is no canned response. */
export type TemplateFault = { code: 'variable_unknown' | 'variable_unclosed'; name: string; at: number };

/** A variable that nothing is known of and that has no words instead: where it stands in the rendered text. */
export interface Gap {
	name: VariableName;
	from: number;
	to: number;
}

export interface Rendered {
	text: string;
	gaps: Gap[];
}

/** The first fault of a text, or null: a variable there is none of, or braces that don't close. */
export function faultOf(text: string): TemplateFault | null {
	const faults: TemplateFault[] = [];
	let rest = text;
	for (const { 0: whole, index, groups } of text.matchAll(token)) {
		const { name } = parts(groups?.['inside'] ?? '');
		if (!isVariable(name)) faults.push({ code: 'variable_unknown', name, at: index });
		rest = rest.slice(0, index) + ' '.repeat(whole.length) + rest.slice(index + whole.length);
	}
	const stray = rest.search(/\{\{|\}\}/);
	if (stray >= 0) faults.push({ code: 'variable_unclosed', name: '', at: stray });
	return faults.sort((a, b) => a.at - b.at)[0] ?? null;
}

/**
 * Puts what is known in the place of the variables, once: braces in somebody's name stay what they are. What isn't
 * known and has no words instead stays as it was written, as a gap for a person to fill. Never throws.
 */
export function render(text: string, facts: Facts): Rendered {
	const gaps: Gap[] = [];
	let out = '';
	let done = 0;
	for (const { 0: whole, index, groups } of text.matchAll(token)) {
		out += text.slice(done, index);
		done = index + whole.length;
		const { name, instead } = parts(groups?.['inside'] ?? '');
		if (!isVariable(name)) {
			out += whole;
			continue;
		}
		const value = valueOf(name, facts) || instead;
		if (value === '') gaps.push({ name, from: out.length, to: out.length + whole.length });
		out += value === '' ? whole : name === 'greeting' && beginsSentence(out) ? capital(value) : value;
	}
	return { text: out + text.slice(done), gaps };
}

/** The gaps left in a text that somebody goes on writing. */
export function gapsIn(text: string): Gap[] {
	const gaps: Gap[] = [];
	for (const { 0: whole, index, groups } of text.matchAll(token)) {
		const { name } = parts(groups?.['inside'] ?? '');
		if (isVariable(name)) gaps.push({ name, from: index, to: index + whole.length });
	}
	return gaps;
}

function parts(inside: string): { name: string; instead: string } {
	const bar = inside.indexOf('|');
	return bar < 0
		? { name: trim(inside), instead: '' }
		: { name: trim(inside.slice(0, bar)), instead: trim(inside.slice(bar + 1)) };
}

/** Blanks and tabs, as the database trims them. */
const trim = (text: string) => text.replace(/^[ \t]+|[ \t]+$/g, '');

const beginsSentence = (before: string) => /(?:^|[.!?…\n])[\s*_~"“]*$/.test(before);

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
