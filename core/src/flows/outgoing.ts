import type { OutgoingContent } from '../whatsapp/build.ts';
import { TEXT_MAX } from '../whatsapp/outgoing/text.ts';
import { BUTTON_TITLE_MAX, BUTTONS_MAX } from '../whatsapp/outgoing/interactive/buttons.ts';
import {
	LIST_BODY_MAX,
	ROW_DESCRIPTION_MAX,
	ROW_TITLE_MAX,
	ROWS_MAX,
	SECTION_TITLE_MAX
} from '../whatsapp/outgoing/interactive/list.ts';
import { BODY_MAX, FOOTER_MAX } from '../whatsapp/outgoing/interactive/parts.ts';
import type { Option } from './nodes.ts';

/*
 * Filled texts as messages. The problems tell an author what is too long as written; what becomes too long by what a
 * variable held is cut, for a customer is better served by a cut name than by silence.
 */

/** A text of at most so many characters. */
export function clip(text: string, most: number): string {
	if (text.length <= most) return text;
	const letters = [...text];
	return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

export function textMessage(text: string, preview_url = false): OutgoingContent {
	return { kind: 'text', text: clip(text, TEXT_MAX), ...(preview_url && { preview_url }) };
}

export interface Menu {
	text: string;
	footer: string;
	button: string;
	sections: { title: string; options: Option[] }[];
	/** Before the id of each option, so that an old menu's tap is not taken for one of this. */
	prefix: string;
}

/** Buttons where they fit, else a list. */
export function menuMessage({ text, footer, button, sections, prefix }: Menu, asList: boolean): OutgoingContent {
	const options = sections.flatMap((section) => section.options);
	const end = footer.trim() === '' ? {} : { footer: { text: clip(footer, FOOTER_MAX) } };
	if (!asList && options.length <= BUTTONS_MAX) {
		return {
			kind: 'interactive',
			interactive: {
				type: 'button',
				body: { text: clip(text, BODY_MAX) },
				...end,
				action: {
					buttons: options.map(({ id, label }) => ({
						type: 'reply' as const,
						reply: { id: `${prefix}${id}`, title: clip(label, BUTTON_TITLE_MAX) }
					}))
				}
			}
		};
	}
	let left = ROWS_MAX;
	const shown = sections
		.map(({ title, options: rows }) => {
			const taken = rows.slice(0, left);
			left -= taken.length;
			return { title, rows: taken };
		})
		.filter(({ rows }) => rows.length > 0);
	return {
		kind: 'interactive',
		interactive: {
			type: 'list',
			body: { text: clip(text, LIST_BODY_MAX) },
			...end,
			action: {
				button: clip(button.trim() === '' ? '…' : button, BUTTON_TITLE_MAX),
				sections: shown.map(({ title, rows }, index) => ({
					...(title.trim() === '' && shown.length === 1
						? {}
						: { title: clip(title.trim() === '' ? String(index + 1) : title, SECTION_TITLE_MAX) }),
					rows: rows.map(({ id, label, description }) => ({
						id: `${prefix}${id}`,
						title: clip(label, ROW_TITLE_MAX),
						...(description ? { description: clip(description, ROW_DESCRIPTION_MAX) } : {})
					}))
				}))
			}
		}
	};
}
