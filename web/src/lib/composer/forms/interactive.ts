import type { Interactive } from '@prosa/core/whatsapp/outgoing/interactive/interactive.ts';
import type { OutgoingContent } from '../content.ts';

/** The words every interactive message may have around what it offers. */
export interface Frame {
	header: string;
	body: string;
	footer: string;
}

export const emptyFrame = (): Frame => ({ header: '', body: '', footer: '' });

interface Words {
	header?: { type: 'text'; text: string };
	body: { text: string };
	footer?: { text: string };
}

/** Blank parts are left out: WhatsApp refuses an empty header. */
function wordsOf({ header, body, footer }: Frame): Words {
	return {
		...(header.trim() ? { header: { type: 'text', text: header.trim() } } : {}),
		body: { text: body.trim() },
		...(footer.trim() ? { footer: { text: footer.trim() } } : {})
	};
}

const wrap = (interactive: Interactive): OutgoingContent => ({ kind: 'interactive', interactive });

/** Ids come back with the answer; the title says what was chosen, so a number is enough. */
export function buttonsContent(frame: Frame, titles: string[]): OutgoingContent {
	const buttons = titles.map((title, index) => ({
		type: 'reply' as const,
		reply: { id: String(index + 1), title: title.trim() }
	}));
	return wrap({ type: 'button', ...wordsOf(frame), action: { buttons } });
}

export interface SectionDraft {
	title: string;
	rows: { title: string; description: string }[];
}

export function listContent(frame: Frame, button: string, sections: SectionDraft[]): OutgoingContent {
	let id = 0;
	return wrap({
		type: 'list',
		...wordsOf(frame),
		action: {
			button: button.trim(),
			sections: sections.map(({ title, rows }) => ({
				...(title.trim() ? { title: title.trim() } : {}),
				rows: rows.map((row) => ({
					id: String(++id),
					title: row.title.trim(),
					...(row.description.trim() ? { description: row.description.trim() } : {})
				}))
			}))
		}
	});
}

export function ctaContent(frame: Frame, label: string, url: string): OutgoingContent {
	const parameters = { display_text: label.trim(), url: url.trim() };
	return wrap({ type: 'cta_url', ...wordsOf(frame), action: { name: 'cta_url', parameters } });
}

export function flowContent(
	frame: Frame,
	flow: { id: string; cta: string; screen: string },
	token: string
): OutgoingContent {
	return wrap({
		type: 'flow',
		...wordsOf(frame),
		action: {
			name: 'flow',
			parameters: {
				flow_message_version: '3',
				...(flow.id.trim() ? { flow_id: flow.id.trim() } : {}),
				flow_cta: flow.cta.trim(),
				flow_token: token,
				flow_action: 'navigate',
				flow_action_payload: { screen: flow.screen.trim() }
			}
		}
	});
}

export function locationRequestContent(body: string): OutgoingContent {
	return wrap({ type: 'location_request_message', body: { text: body.trim() }, action: { name: 'send_location' } });
}
