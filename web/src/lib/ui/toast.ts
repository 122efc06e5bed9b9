import { toast } from './sonner.svelte.ts';
import { m } from '#lib/paraglide/messages.js';

/** Every sentence there is for what can go wrong; fetched with what shows it. */
export const told = () => import('#lib/errors/sentence.ts');

/** Says what was done, with the way back where there is one. */
export function done(sentence: string, undo?: () => Promise<void>) {
	const action = undo && { label: m.undo(), onClick: () => void attempt(undo) };
	toast(sentence, { duration: undo ? 6_000 : 3_000, ...(action ? { action } : {}) });
}

/** Says what went wrong, in the person's words. */
export function failed(problem: unknown) {
	const say = (sentence: string) => toast.error(sentence, { duration: 6_000 });
	told().then(
		({ tell }) => say(tell(problem)),
		() => say(m.error_offline())
	);
}

/** Says what was refused and why, with what one can do about it where there is something. */
export function refused(sentence: string, way?: { label: string; act: () => Promise<void> }) {
	const action = way && { label: way.label, onClick: () => void attempt(way.act) };
	toast.error(sentence, { duration: way ? 10_000 : 6_000, ...(action ? { action } : {}) });
}

/** Does something; a failure becomes a notice. Answers whether it worked. */
export async function attempt(act: () => Promise<void>): Promise<boolean> {
	try {
		await act();
		return true;
	} catch (problem) {
		failed(problem);
		return false;
	}
}
