import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { faultsChangeSchema } from '../state/faults.ts';
import { verify } from '../webhook/verify.ts';
import { business } from './named.ts';
import type { Route } from './route.ts';

/** What travels between WhatsApp and the product: faults, log, webhooks, events. */
export const networkRoutes: readonly Route[] = [
	{
		method: 'POST',
		pattern: /^\/webhook$/,
		creates: true,
		run(call) {
			const given = z
				.strictObject({
					phone_number_id: z.string(),
					field: z.string().min(1),
					value: z.record(z.string(), z.unknown())
				})
				.parse(call.body);
			call.world.outbox.add(business(call, given.phone_number_id), {
				field: given.field,
				chat: null,
				summary: given.field,
				value: given.value
			});
			return { accepted: true };
		}
	},
	{
		method: 'POST',
		pattern: /^\/verify$/,
		run({ body }) {
			const given = z.strictObject({ url: z.url(), verify_token: z.string().min(1) }).parse(body);
			return verify(given.url, given.verify_token);
		}
	},
	{ method: 'GET', pattern: /^\/faults$/, run: ({ world }) => world.faults() },
	{
		method: 'POST',
		pattern: /^\/faults$/,
		run({ world, body }) {
			const { seed, ...change } = faultsChangeSchema.parse(body);
			if (seed !== undefined) world.random.reseed(seed);
			const defined = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
			world.setFaults({ ...world.faults(), ...defined });
			return world.faults();
		}
	},
	{
		method: 'GET',
		pattern: /^\/log$/,
		run({ world, query }) {
			const given = z
				.object({ since: z.coerce.number().default(0), direction: z.enum(['graph', 'webhook']).optional() })
				.parse(Object.fromEntries(query));
			return { pending: world.outbox.pending(), entries: world.log.since(given.since, given.direction) };
		}
	},
	{
		method: 'POST',
		pattern: /^\/reset$/,
		run({ world }) {
			world.reset();
			return { reset: true };
		}
	},
	{
		method: 'GET',
		pattern: /^\/events$/,
		run({ world, response }) {
			world.events.listen(randomUUID(), response);
		}
	}
];
