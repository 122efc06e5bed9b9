import { codeOf } from './code.ts';

/** What was refused: the catalogue code, and what about it, such as the fault of a message's content. */
export interface Failure {
	code: string;
	detail: string | null;
}

/** The failure behind whatever was thrown. PostgREST puts the detail into `details`. */
export function failureOf(problem: unknown): Failure {
	const code = codeOf(problem);
	const details = typeof problem === 'object' && problem !== null && 'details' in problem ? problem.details : null;
	return { code, detail: typeof details === 'string' && details !== '' ? details : null };
}
