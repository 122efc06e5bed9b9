import { z } from 'zod';
import { fold } from '../../text/fold.ts';

const line = (most: number) => z.string().trim().min(1).max(most);

/** What a good answer has in it; what is not said here is not looked at. */
export const Expected = z.strictObject({
	contains: z.array(line(200)).max(10).default([]),
	lacks: z.array(line(200)).max(10).default([]),
	/** Whether a person must take over, or must not. */
	hand_over: z.boolean().nullable().default(null),
	/** A document's title that it must stand on. */
	cites: line(200).nullable().default(null),
	/** A tool that must be called. */
	calls: line(60).nullable().default(null),
	intent: line(60).nullable().default(null)
});
export type Expected = z.infer<typeof Expected>;

/** What an agent's turn came to, as far as it is judged. */
export interface Judged {
	text: string | null;
	outcome: 'answered' | 'handed_over' | 'flow_started';
	intent: string | null;
	citations: readonly { title: string }[];
	calls: readonly { name: string }[];
}

export const Fault = z.object({
	check: z.enum(['contains', 'lacks', 'hand_over', 'no_hand_over', 'cites', 'calls', 'intent']),
	wanted: z.string(),
	/** What there was instead, where that tells. */
	got: z.string()
});
export type Fault = z.infer<typeof Fault>;

/** What an answer lacks of what was expected; empty: it passed. Case, accents and spaces make no difference. */
export function faultsOf(expected: Expected, answer: Judged): Fault[] {
	const said = plain(answer.text ?? '');
	const handed = answer.outcome === 'handed_over';
	const faults: Fault[] = [
		...expected.contains
			.filter((words) => !said.includes(plain(words)))
			.map((wanted) => ({ check: 'contains' as const, wanted, got: '' })),
		...expected.lacks
			.filter((words) => said.includes(plain(words)))
			.map((wanted) => ({ check: 'lacks' as const, wanted, got: '' }))
	];
	if (expected.hand_over === true && !handed) faults.push({ check: 'hand_over', wanted: '', got: answer.outcome });
	if (expected.hand_over === false && handed) faults.push({ check: 'no_hand_over', wanted: '', got: answer.outcome });
	const listed = (names: readonly string[]) => names.join(', ');
	const { cites, calls, intent } = expected;
	const titles = answer.citations.map(({ title }) => title);
	if (cites !== null && !titles.some((title) => plain(title) === plain(cites)))
		faults.push({ check: 'cites', wanted: cites, got: listed(titles) });
	const called = answer.calls.map(({ name }) => name);
	if (calls !== null && !called.includes(calls)) faults.push({ check: 'calls', wanted: calls, got: listed(called) });
	if (intent !== null && plain((answer.intent ?? '').replaceAll('_', ' ')) !== plain(intent.replaceAll('_', ' ')))
		faults.push({ check: 'intent', wanted: intent, got: answer.intent ?? '' });
	return faults;
}

const plain = (text: string): string => fold(text).replace(/\s+/g, ' ').trim();
