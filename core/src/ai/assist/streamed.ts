import { putBack } from '../masking/named.ts';
import type { Mask } from '../masking/mask.ts';

/** As much as WhatsApp takes in one message. */
const LONGEST = 4_096;

/**
 * Makes of a model's pieces what a person reads: personal data in its place again, without the names of documents. What
 * comes may end within a placeholder, so it is held back until it is whole; `end` gives all of it, once more and tidied.
 */
export function streamed(mask: Mask): { push(piece: string): string; end(): { text: string; named: number[] } } {
	const unmasking = mask.unmasking();
	let raw = '';
	let begun = false;
	return {
		push(piece) {
			raw += piece;
			const shown = withoutNames(unmasking.push(piece));
			if (begun || shown === '') return shown;
			const first = shown.trimStart();
			begun = first !== '';
			return first;
		},
		end() {
			const named = new Set([...raw.matchAll(NAMED)].map(([, number]) => Number(number)));
			const text = putBack(withoutNames(raw), mask).trim();
			return {
				text:
					text.length > LONGEST
						? `${text
								.slice(0, LONGEST - 1)
								.toWellFormed()
								.trimEnd()}…`
						: text,
				named: [...named]
			};
		}
	};
}

const NAMED = /\[d(\d{1,3})\]/g;

const withoutNames = (text: string): string => text.replace(/ ?\[d\d{1,3}\](?:, ?(?=\[d\d))?/g, '');
