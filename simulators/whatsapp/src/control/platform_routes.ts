import { z } from 'zod';
import { managementSchema, numberStateSchema, tokenStateSchema } from '../state/platform.ts';
import { tellNumberChange } from '../webhook/number_reports.ts';
import { business } from './named.ts';
import type { Route } from './route.ts';

const given = (change: object) => Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** Meta's side of an account: tokens that end, numbers that lose quality, calls that are refused. */
export const platformRoutes: readonly Route[] = [
	{
		method: 'POST',
		pattern: /^\/tokens$/,
		run({ world, body }) {
			const { token, ...change } = tokenStateSchema
				.partial()
				.extend({ token: z.string().min(1) })
				.parse(body);
			return world.platform.setToken(token, given(change));
		}
	},
	{
		method: 'POST',
		pattern: /^\/numbers\/([^/]+)$/,
		run(call) {
			const one = business(call, call.params[0] ?? '');
			const before = call.world.platform.number(one.phone_number_id);
			const change = given(numberStateSchema.partial().parse(call.body));
			const after = call.world.platform.setNumber(one.phone_number_id, change);
			tellNumberChange(call.world, one, before, after);
			call.world.events.publish('numbers', {});
			return after;
		}
	},
	{
		method: 'POST',
		pattern: /^\/management$/,
		run({ world, body }) {
			world.platform.management = { ...world.platform.management, ...given(managementSchema.partial().parse(body)) };
			return world.platform.management;
		}
	}
];
