import { z } from 'zod';

const probability = z.number().min(0, 'between 0 and 1').max(1, 'between 0 and 1');
const code = z.number().int().nonnegative();

/**
 * `down`: connections break before an answer. `unavailable`: 503. `slow`: every call takes ten seconds longer.
 * `after_accept`: a send is accepted and then answered with 500.
 */
export const OUTAGES = ['none', 'down', 'unavailable', 'slow', 'after_accept'] as const;
export const outageSchema = z.strictObject({
	mode: z.enum(OUTAGES),
	/** How long; null until it is ended. */
	seconds: z.number().positive().max(86_400).nullable().default(null)
});

/** What can go wrong on purpose. All off on a fresh simulator; chances are drawn from the seed. */
export const faultsSchema = z.strictObject({
	/** The same webhook body arrives a second time. */
	twice: probability,
	/** A webhook is held back until later ones have overtaken it. */
	out_of_order: probability,
	/** A webhook comes late by `slow_ms`. */
	slow: probability,
	slow_ms: z.number().int().min(0).max(600_000),
	/** The first attempt gets lost on the way; Meta tries again. */
	dropped: probability,
	/** The `sent` status arrives before the send call is answered. */
	early_status: probability,
	/** The send call is accepted, then the message fails with `fail_code`. */
	fail: probability,
	fail_code: code,
	/** The send call is refused with `refuse_code`. */
	refuse: probability,
	refuse_code: code,
	/** The send call is accepted but its answer never arrives: the connection breaks. */
	answer_lost: probability,
	/** The send call is answered this much later. */
	answer_delay_ms: z.number().int().min(0).max(120_000),
	/** Webhooks wait, as in an outage; switching it off lets them go. */
	paused: z.boolean(),
	/** Messages a second a number may send; null for no limit. */
	throughput: z.number().int().positive().nullable(),
	/** One message per six seconds to the same person after a burst of 45. */
	pair_limit: z.boolean(),
	/** No more people outside their window in 24 hours than the portfolio's tier allows. */
	portfolio_limit: z.boolean(),
	/** Numbers that end in an error's code meet that error: `sending/number_errors.ts`. */
	number_errors: z.boolean(),
	/** Meta's side is away; see `OUTAGES`. Begun and ended by `POST /outage`. */
	outage: z.enum(OUTAGES),
	/** When it ends by itself; null: when somebody says so. */
	outage_until: z.number().nullable(),
	/**
	 * `lenient` counts the window of a customer who never wrote here as open: the product may know messages of theirs
	 * that reached it another way (seeded data, payloads posted at the door). `strict` does as Meta does.
	 */
	window: z.enum(['lenient', 'strict', 'closed'])
});

export type Faults = z.infer<typeof faultsSchema>;

/** The outage there is at this moment. */
export const outageAt = ({ outage, outage_until }: Faults, now: number): Faults['outage'] =>
	outage_until !== null && now >= outage_until ? 'none' : outage;

/** A fresh simulator: nothing goes wrong, Meta's limits hold. */
export const noFaults = (): Faults => ({
	twice: 0,
	out_of_order: 0,
	slow: 0,
	slow_ms: 5_000,
	dropped: 0,
	early_status: 0,
	fail: 0,
	fail_code: 131026,
	refuse: 0,
	refuse_code: 131000,
	answer_lost: 0,
	answer_delay_ms: 0,
	paused: false,
	throughput: 80,
	pair_limit: true,
	portfolio_limit: true,
	number_errors: true,
	outage: 'none',
	outage_until: null,
	window: 'lenient'
});

/** A change of some switches; `seed` begins the random streams anew. */
export const faultsChangeSchema = faultsSchema.partial().extend({ seed: z.number().int().optional() });
