import type { Scanner } from './scanner.ts';

/** One step into a JSON value: `->key`, `->>key`, `->0`. */
export interface JsonStep {
	/** `->>`: as text. */
	text: boolean;
	key: string | number;
}

export interface Field {
	name: string;
	path: JsonStep[];
}

/** `data->a->>0`. */
export function readField(scanner: Scanner): Field {
	scanner.skipSpace();
	const name = scanner.requireName();
	const path = readJsonPath(scanner);
	scanner.skipSpace();
	return { name, path };
}

export function readJsonPath(scanner: Scanner): JsonStep[] {
	const path: JsonStep[] = [];
	for (;;) {
		const text = scanner.takes('->>');
		if (!text && !scanner.takes('->')) return path;
		const index = scanner.match(/-?\d+(?=->|::|[.,)]|$)/y);
		if (index !== undefined) {
			path.push({ text, key: Number(index) });
			continue;
		}
		const key = scanner.sees('-') ? undefined : scanner.jsonKey();
		if (key === undefined) throw scanner.fail('digit or field name (* or [a..z0..9_$])');
		path.push({ text, key });
	}
}
