import { z } from 'zod';
import type { Clock } from './clock.ts';
import { businessSchema, demoBusinesses, type Business } from './state/business.ts';
import type { Faults } from './state/faults.ts';
import type { RetryPlan } from './webhook/retry.ts';
import type { Delays } from './world.ts';

/** How a simulator is started. Everything has a default that suits a test: any port, no disk, no webhooks. */
export interface SimulatorOptions {
	/** 0 takes any free one. */
	port?: number;
	host?: string;
	/** Signs webhooks. */
	appSecret?: string;
	/** Where webhooks go; null sends none. */
	webhookUrl?: string | null;
	businesses?: readonly Business[];
	/** What chance is drawn from. */
	seed?: number;
	/** Where chats survive a restart; null keeps them in memory. */
	stateDir?: string | null;
	clock?: Clock;
	delays?: Partial<Delays>;
	retry?: Partial<RetryPlan>;
	faults?: Partial<Faults>;
	/** How long a webhook's answer is waited for. */
	timeoutMs?: number;
}

const json = z.string().transform((text, context): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		context.addIssue({ code: 'custom', message: 'must be JSON' });
		return z.NEVER;
	}
});

const environment = z.object({
	PORT: z.coerce.number().int().min(0).max(65_535).default(54_330),
	HOST: z.string().default('127.0.0.1'),
	APP_SECRET: z.string().optional(),
	WHATSAPP_APP_SECRET: z.string().optional(),
	WEBHOOK_URL: z.union([z.literal(''), z.url()]).optional(),
	/** `{"<phone number id>": "<token>" | ["<token>", …]}` in place of a business's own tokens. */
	ACCESS_TOKENS: json
		.pipe(z.record(z.string(), z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])))
		.optional(),
	/** The businesses altogether, in place of the demo ones. */
	BUSINESSES: json.pipe(z.array(businessSchema).min(1)).optional(),
	SEED: z.coerce.number().int().default(1),
	STATE_DIR: z.string().optional()
});

/** Options from the environment. Throws an Error that names each variable that is wrong. */
export function optionsFromEnv(env: Record<string, string | undefined>): SimulatorOptions {
	const parsed = environment.safeParse(env);
	if (!parsed.success) {
		throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
	}
	const { PORT, HOST, APP_SECRET, WHATSAPP_APP_SECRET, WEBHOOK_URL, ACCESS_TOKENS, BUSINESSES, SEED, STATE_DIR } =
		parsed.data;
	const businesses = (BUSINESSES ?? demoBusinesses).map((business) => {
		const tokens = ACCESS_TOKENS?.[business.phone_number_id];
		return tokens === undefined ? business : { ...business, tokens: typeof tokens === 'string' ? [tokens] : tokens };
	});
	const secret = APP_SECRET ?? WHATSAPP_APP_SECRET;
	return {
		port: PORT,
		host: HOST,
		seed: SEED,
		businesses,
		webhookUrl: WEBHOOK_URL === undefined || WEBHOOK_URL === '' ? null : WEBHOOK_URL,
		stateDir: STATE_DIR ?? null,
		...(secret === undefined ? {} : { appSecret: secret })
	};
}
