import { m } from '#lib/paraglide/messages.js';
import { categoryName } from './category.ts';
import { titleOf } from './title.ts';

/** What of a template is worth telling somebody who is doing something else. */
export interface Known {
	name: string;
	status: string;
	quality: string;
	category: string | null;
	next_category: string | null;
	refusal: unknown;
}

export interface News {
	sentence: string;
	bad: boolean;
}

const grades = ['UNKNOWN', 'GREEN', 'YELLOW', 'RED'];

/** What a change means to whoever runs the templates; null where it is no news. */
export function newsOf(before: Known, now: Known): News | null {
	const name = titleOf(now.name);
	if (now.status !== before.status) {
		if (now.status === 'APPROVED') return { sentence: m.template_toast_approved({ name }), bad: false };
		if (now.status === 'REJECTED') return { sentence: m.template_toast_rejected({ name }), bad: true };
		if (now.status === 'PAUSED') return { sentence: m.template_toast_paused({ name }), bad: true };
		if (now.status === 'DISABLED') return { sentence: m.template_toast_disabled({ name }), bad: true };
	}
	if (now.refusal !== null && before.refusal === null)
		return { sentence: m.template_toast_refused({ name }), bad: true };
	if (before.category !== null && now.category !== before.category)
		return { sentence: m.template_toast_category({ name, category: categoryName(now.category) }), bad: true };
	if (now.next_category !== null && now.next_category !== before.next_category)
		return { sentence: m.template_toast_category_soon({ name, category: categoryName(now.next_category) }), bad: true };
	if (grades.indexOf(now.quality) > Math.max(grades.indexOf(before.quality), 1))
		return { sentence: m.template_toast_quality({ name }), bad: true };
	return null;
}
