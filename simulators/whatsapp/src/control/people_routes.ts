import { z } from 'zod';
import { backOnline } from '../sending/delivery.ts';
import { businessSchema } from '../state/business.ts';
import { NotThere } from './call.ts';
import { customer, shown } from './named.ts';
import type { Route } from './route.ts';

const person = z.strictObject({
	name: z.string().trim().min(1, 'a name is needed').max(200),
	wa_id: z
		.string()
		.regex(/^\d{8,15}$/, 'digits with the country code')
		.optional(),
	username: z
		.string()
		.regex(/^@?[a-z0-9._]{3,35}$/i, '3 to 35 letters, digits, dots or underscores')
		.optional(),
	about: z.string().max(300).default('')
});
const personChange = z.strictObject({
	online: z.boolean().optional(),
	on_whatsapp: z.boolean().optional(),
	auto_read_ms: z.number().int().min(0).nullable().optional(),
	name: z.string().min(1).optional()
});

/** Numbers of businesses and the people who write to them. */
export const peopleRoutes: readonly Route[] = [
	{
		method: 'GET',
		pattern: /^\/businesses$/,
		run: ({ world }) => world.businesses().map(({ tokens: _tokens, app_secret: _secret, ...one }) => one)
	},
	{
		method: 'POST',
		pattern: /^\/businesses$/,
		creates: true,
		run(call) {
			const added = businessSchema.parse(call.body);
			call.world.addBusiness(added);
			return { phone_number_id: added.phone_number_id };
		}
	},
	{
		method: 'GET',
		pattern: /^\/customers$/,
		run: (call) => call.world.directory.list().map((one) => shown(call, one))
	},
	{
		method: 'POST',
		pattern: /^\/customers$/,
		creates: true,
		run(call) {
			const { wa_id, username, ...rest } = person
				.refine((one) => one.wa_id !== undefined || one.username !== undefined, 'a number or a username is needed')
				.parse(call.body);
			const [first] = call.world.businesses();
			if (!first) throw new NotThere('there is no business');
			const handle = username === undefined ? null : `@${username.replace(/^@/, '')}`;
			const known = call.world.directory.find(wa_id ?? handle ?? '', call.world.businesses());
			if (known) return shown(call, known);
			return shown(
				call,
				call.world.directory.meet(wa_id ?? handle ?? '', first, { ...rest, username: handle, wa_id: wa_id ?? null })
			);
		}
	},
	{
		method: 'POST',
		pattern: /^\/customers\/([^/]+)$/,
		run(call) {
			const before = customer(call, call.params[0] ?? '');
			const change = personChange.parse(call.body);
			const defined = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
			const after = call.world.directory.save({ ...before, ...defined });
			if (after.online && !before.online) backOnline(call.world, after);
			return shown(call, after);
		}
	}
];
