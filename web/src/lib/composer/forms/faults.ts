import type { Fault } from '@prosa/core/whatsapp/outgoing/faults.ts';

/** The first fault of a field, or of anything within it: `interactive.action.buttons.0`. */
export function faultAt(faults: Fault[], at: string): Fault | null {
	return faults.find(({ path }) => `${path.join('.')}.`.startsWith(`${at}.`)) ?? null;
}

/** Faults that are worth telling while one still writes: too much is there. What is missing may yet come. */
export function isExcess({ limit, code }: Fault): boolean {
	return limit !== undefined && /too_(long|many|large)$/.test(code);
}

/** The first fault that none of the fields shows. */
export function elsewhere(faults: Fault[], shown: string[]): Fault | null {
	return faults.find((fault) => !shown.some((at) => faultAt([fault], at) !== null)) ?? null;
}
