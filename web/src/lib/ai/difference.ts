import type { AgentConfig } from '@prosa/core/ai/agent.ts';

/** One setting that differs, as a person reads it. */
export interface Change {
	field: string;
	before: string;
	after: string;
}

/** What differs between two drafts of an agent, in the order the settings stand in. */
export function differenceOf(before: AgentConfig, after: AgentConfig): Change[] {
	const [old, now] = [flat(before), flat(after)];
	return [...new Set([...old.keys(), ...now.keys()])].flatMap((field) => {
		const [was, is] = [old.get(field) ?? '', now.get(field) ?? ''];
		return was === is ? [] : [{ field, before: was, after: is }];
	});
}

function flat(config: AgentConfig): Map<string, string> {
	const entries = Object.entries(config).flatMap(([key, value]): [string, string][] => {
		if (Array.isArray(value)) return [[key, value.map(lineOf).join('\n')]];
		if (typeof value === 'object') return Object.entries(value).map(([inner, one]) => [`${key}.${inner}`, String(one)]);
		return [[key, String(value)]];
	});
	return new Map(entries);
}

const lineOf = (one: string | AgentConfig['examples'][number] | AgentConfig['http_tools'][number]): string => {
	if (typeof one === 'string') return one;
	if ('customer' in one) return `${one.customer} → ${one.answer}`;
	const { name, method, path, description, parameters } = one;
	return `${name}: ${method} ${path} (${parameters.map((each) => each.name).join(', ')}) ${description}`;
};
