import type { Business } from '../state/business.ts';
import type { Template } from '../state/templates.ts';
import type { World } from '../world.ts';

/** What Meta does to a template; each is reported by a webhook of its own. */
export type Verdict =
	| { action: 'approve' | 'disable' | 'unpause' | 'flag' | 'delete' }
	| { action: 'reject'; reason?: string | undefined }
	| { action: 'pause' }
	| { action: 'quality'; quality: Template['quality'] }
	| { action: 'category' | 'announce_category'; category: Template['category'] }
	| { action: 'text'; text: string };

/** Names that the review never lets pass, so that a rejection can be had at will. */
const REFUSED_NAME = /reject|recus/;
/** Names that the review leaves until somebody judges them. */
const LEFT_NAME = /pending|espera/;

/** Takes a template through its review: approved or rejected a moment later. */
export function review(world: World, template: Template): void {
	if (LEFT_NAME.test(template.name)) return;
	world.clock.after(world.random.between('review', world.delays.review), () => {
		const now = world.templates.get(template.id);
		if (now?.status !== 'PENDING') return;
		judge(world, now, REFUSED_NAME.test(now.name) ? { action: 'reject' } : { action: 'approve' });
	});
}

/** Reviews what waited when an earlier process ended. */
export function resumeReviews(world: World): void {
	for (const business of world.businesses())
		for (const template of world.templates.of(business.waba_id))
			if (template.status === 'PENDING') review(world, template);
}

/** Changes a template as Meta would and tells the account's webhook. */
export function judge(world: World, template: Template, verdict: Verdict): Template {
	switch (verdict.action) {
		case 'approve':
			return status(
				world,
				{ ...template, status: 'APPROVED', rejected_reason: 'NONE' },
				{ event: 'APPROVED', reason: 'NONE' }
			);
		case 'reject': {
			const reason = verdict.reason ?? 'INVALID_FORMAT';
			return status(
				world,
				{ ...template, status: 'REJECTED', rejected_reason: reason },
				{
					event: 'REJECTED',
					reason,
					...(reason === 'INVALID_FORMAT'
						? {
								rejection_info: {
									reason: 'The text of the template does not make clear what its variables stand for.',
									recommendation: 'Write a few words around each variable and give samples that look real.'
								}
							}
						: {})
				}
			);
		}
		case 'pause':
			return pause(world, template);
		case 'unpause':
			return status(
				world,
				{ ...template, status: 'APPROVED' },
				{
					event: 'REINSTATED',
					reason: 'NONE',
					other_info: { title: 'UNPAUSE', description: 'Your WhatsApp message template has been unpaused.' }
				}
			);
		case 'disable':
			return disable(world, template);
		case 'flag':
			return status(world, template, { event: 'FLAGGED', reason: 'NONE' });
		case 'delete':
			world.templates.remove(template.id);
			report(world, template, 'message_template_status_update', { event: 'PENDING_DELETION', reason: null });
			return template;
		case 'quality': {
			const changed = world.templates.save({ ...template, quality: verdict.quality });
			report(world, changed, 'message_template_quality_update', {
				previous_quality_score: template.quality,
				new_quality_score: verdict.quality
			});
			// Red quality pauses: three hours, then six, then for good.
			return verdict.quality === 'RED' && changed.status === 'APPROVED' ? pause(world, changed) : changed;
		}
		case 'category': {
			const changed = world.templates.save({
				...template,
				category: verdict.category,
				previous_category: template.category,
				correct_category: null
			});
			report(world, changed, 'template_category_update', {
				previous_category: template.category,
				new_category: verdict.category
			});
			return changed;
		}
		case 'announce_category': {
			const changed = world.templates.save({ ...template, correct_category: verdict.category });
			report(world, changed, 'template_category_update', {
				new_category: template.category,
				correct_category: verdict.category,
				category_update_timestamp: Math.floor(world.clock.now() / 1_000) + 86_400
			});
			return changed;
		}
		case 'text': {
			const components = template.components.map((component) =>
				component.type === 'BODY' ? { ...component, text: verdict.text } : component
			);
			const changed = world.templates.save({ ...template, components });
			report(world, changed, 'message_template_components_update', { message_template_element: verdict.text });
			return changed;
		}
	}
}

function pause(world: World, template: Template): Template {
	if (template.pauses >= 2) return disable(world, template);
	const first = template.pauses === 0;
	const hours = first ? 3 : 6;
	const paused = { ...template, status: 'PAUSED', pauses: template.pauses + 1 };
	world.clock.after(hours * 3_600_000, () => {
		const now = world.templates.get(template.id);
		if (now?.status === 'PAUSED') judge(world, now, { action: 'unpause' });
	});
	return status(world, paused, {
		event: 'PAUSED',
		reason: 'NONE',
		other_info: {
			title: first ? 'FIRST_PAUSE' : 'SECOND_PAUSE',
			description: `Your WhatsApp message template has been paused for ${hours} hours because it had issues.`
		}
	});
}

function disable(world: World, template: Template): Template {
	return status(
		world,
		{ ...template, status: 'DISABLED' },
		{ event: 'DISABLED', reason: 'NONE', disable_info: { disable_date: Math.floor(world.clock.now() / 1_000) } }
	);
}

function status(world: World, template: Template, value: Record<string, unknown>): Template {
	const changed = world.templates.save(template);
	report(world, changed, 'message_template_status_update', { ...value, message_template_category: changed.category });
	return changed;
}

/** Once an account, whichever of its numbers it goes by. */
function report(world: World, template: Template, field: string, value: Record<string, unknown>): void {
	const business: Business | undefined = world.businesses().find(({ waba_id }) => waba_id === template.waba_id);
	if (!business) return;
	world.outbox.add(business, {
		field,
		chat: null,
		summary: field,
		time: Math.floor(world.clock.now() / 1_000),
		value: {
			...value,
			message_template_id: Number.isSafeInteger(Number(template.id)) ? Number(template.id) : template.id,
			message_template_name: template.name,
			message_template_language: template.language
		}
	});
}
