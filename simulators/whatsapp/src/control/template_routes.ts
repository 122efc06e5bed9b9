import { z } from 'zod';
import { acceptDraft, draftSchema } from '../templates/refuse_draft.ts';
import { judge } from '../templates/review.ts';
import { NotThere } from './call.ts';
import type { Route } from './route.ts';

const category = z.enum(['MARKETING', 'UTILITY', 'AUTHENTICATION']);
const verdict = z.discriminatedUnion('action', [
	z.strictObject({ action: z.enum(['approve', 'disable', 'unpause', 'flag', 'delete', 'pause']) }),
	z.strictObject({ action: z.literal('reject'), reason: z.string().optional() }),
	z.strictObject({ action: z.literal('quality'), quality: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']) }),
	z.strictObject({ action: z.enum(['category', 'announce_category']), category }),
	z.strictObject({ action: z.literal('text'), text: z.string().min(1).max(1_024) })
]);

/** What Meta thinks of templates. */
export const templateRoutes: readonly Route[] = [
	{
		method: 'GET',
		pattern: /^\/templates$/,
		run({ world, query }) {
			const account = query.get('waba_id');
			return world
				.businesses()
				.filter(({ waba_id }, index, all) => all.findIndex((one) => one.waba_id === waba_id) === index)
				.filter(({ waba_id }) => account === null || account === waba_id)
				.flatMap(({ waba_id }) => world.templates.of(waba_id));
		}
	},
	{
		// One that Meta has approved already, for tests and for playing.
		method: 'POST',
		pattern: /^\/templates$/,
		creates: true,
		run({ world, body }) {
			const given = draftSchema.extend({ waba_id: z.string() }).parse(body);
			const now = world.clock.now();
			return world.templates.save({
				id: world.templates.newId(now),
				waba_id: given.waba_id,
				name: given.name,
				language: given.language,
				category: given.category,
				previous_category: null,
				correct_category: null,
				status: 'APPROVED',
				rejected_reason: 'NONE',
				quality: 'UNKNOWN',
				parameter_format: given.parameter_format,
				components: acceptDraft(given),
				pauses: 0,
				created_at: now
			});
		}
	},
	{
		method: 'POST',
		pattern: /^\/templates\/([^/]+)$/,
		run({ world, params, body }) {
			const template = world.templates.get(params[0] ?? '');
			if (!template) throw new NotThere('no such template');
			return judge(world, template, verdict.parse(body));
		}
	}
];
