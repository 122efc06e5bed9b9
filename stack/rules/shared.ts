/** Parts of rules as long as this that stand in several places are written once. */
const SHORTEST = 120;

/**
 * The rules by name, with what stands in several places under a name of its own and `{"is": "shared", "rule": name}`
 * in its places: the headers of nine kinds of message are the same few objects.
 */
export function shareRules(rules: Record<string, object>): Map<string, unknown> {
	const counts = new Map<string, number>();
	const count = (value: unknown): void => {
		if (typeof value !== 'object' || value === null) return;
		if (isRule(value)) {
			const line = JSON.stringify(value);
			const before = counts.get(line) ?? 0;
			counts.set(line, before + 1);
			// What it holds was counted the first time, and goes where it goes.
			if (before > 0) return;
		}
		for (const part of Object.values(value)) count(part);
	};
	Object.values(rules).forEach(count);

	const names = new Map<string, string>();
	for (const [line, times] of counts) {
		if (times > 1 && line.length >= SHORTEST) names.set(line, `shared_${names.size + 1}`);
	}
	const shared = (value: unknown, own?: string): unknown => {
		if (typeof value !== 'object' || value === null) return value;
		const name = names.get(JSON.stringify(value));
		if (name !== undefined && name !== own) return { is: 'shared', rule: name };
		if (Array.isArray(value)) return value.map((item: unknown) => shared(item));
		return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shared(part)]));
	};
	return new Map([
		...Object.entries(rules).map(([kind, rule]): [string, unknown] => [kind, shared(rule)]),
		...[...names].map(([line, name]): [string, unknown] => [name, shared(JSON.parse(line), name)])
	]);
}

const isRule = (value: object): boolean => 'is' in value;
