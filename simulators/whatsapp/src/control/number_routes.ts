import { z } from 'zod';
import { NUMBER_ERRORS } from '../sending/number_errors.ts';
import { peopleIn } from '../sending/tiers.ts';
import { errorCode } from '../graph/error_codes.ts';
import { outageSchema } from '../state/faults.ts';
import { portfolioOf, type Business } from '../state/business.ts';
import type { World } from '../world.ts';
import type { Route } from './route.ts';

const expiry = z.strictObject({ what: z.enum(['urls', 'received', 'uploaded']), id: z.string().optional() });

const shown = (world: World, one: Business): object => {
	const { pin: _pin, ...state } = world.platform.number(one.phone_number_id);
	return {
		phone_number_id: one.phone_number_id,
		name: one.name,
		...state,
		limit: peopleIn(state.messaging_limit),
		used: world.quota.used(portfolioOf(one))
	};
};

/** What Meta's side does to numbers, files and calls: standing, expiry, outages. */
export const numberRoutes: readonly Route[] = [
	{ method: 'GET', pattern: /^\/numbers$/, run: ({ world }) => world.businesses().map((one) => shown(world, one)) },
	{
		// `urls`: every address given out is dead; `received`, `uploaded`: files are gone as after 7 and 30 days.
		method: 'POST',
		pattern: /^\/media\/expire$/,
		run({ world, body }) {
			const { what, id } = expiry.parse(body);
			if (what === 'urls') {
				world.media.expireUrls();
				return { expired: what };
			}
			return { expired: world.media.expire(what === 'received' ? 'webhook' : 'upload', id) };
		}
	},
	{
		method: 'GET',
		pattern: /^\/number-errors$/,
		run: () => NUMBER_ERRORS.map((one) => ({ ...one, title: errorCode(one.code).title }))
	},
	{
		method: 'POST',
		pattern: /^\/outage$/,
		run({ world, body }) {
			const { mode, seconds } = outageSchema.parse(body);
			const until = mode === 'none' || seconds === null ? null : world.clock.now() + seconds * 1000;
			world.setFaults({ ...world.faults(), outage: mode, outage_until: until });
			if (until !== null) {
				world.clock.after(until - world.clock.now(), () => {
					// A later outage has its own end.
					if (world.faults().outage_until === until)
						world.setFaults({ ...world.faults(), outage: 'none', outage_until: null });
				});
			}
			return { outage: mode, until };
		}
	}
];
