import { identifier, literal, Values } from '../quoting.ts';
import type { Step } from './pipeline.ts';

/** Who asks, and what a function may want to know of the request. */
export interface Caller {
	role: string;
	/** Claims of the token as JSON. */
	claims: string;
	method: string;
	path: string;
	headers: string;
	cookies: string;
	readOnly: boolean;
	schema: string;
	timezone: string | undefined;
	/** Settings of the role and of the function called. */
	settings: Record<string, string>;
}

/** Extensions are found without naming their schema, as on a hosted project. */
const EXTRA_SEARCH_PATH = ['public', 'extensions'];

/**
 * The first step of every transaction: takes the caller's role and tells Postgres of the request. All of it ends with
 * the transaction. The role comes last, after the settings that it might not be allowed to make.
 */
export function settingsStep(caller: Caller): Step {
	const values = new Values();
	const settings: [string, string][] = [
		['search_path', [...new Set([caller.schema, ...EXTRA_SEARCH_PATH])].map(identifier).join(', ')],
		['request.jwt.claims', caller.claims],
		['request.method', caller.method],
		['request.path', caller.path],
		['request.headers', caller.headers],
		['request.cookies', caller.cookies],
		...Object.entries(caller.settings),
		...(caller.timezone === undefined ? [] : ([['timezone', caller.timezone]] as [string, string][])),
		['role', caller.role],
		...(caller.readOnly ? ([['transaction_read_only', 'on']] as [string, string][]) : [])
	];
	const calls = settings.map(([name, value]) => `set_config(${literal(name)}, ${values.bind(value)}, true)`);
	return { text: `select ${calls.join(', ')}`, values: values.list };
}
