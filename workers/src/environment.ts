import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const Environment = z.object({
	SUPABASE_DB_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address'),
	/** Decrypts the channels' access tokens. */
	SECRETS_KEY: z.string().min(1),
	GRAPH_API_URL: z.url().default('https://graph.facebook.com'),
	GRAPH_API_VERSION: z
		.string()
		.regex(/^v\d+\.\d+$/, 'must look like v26.0')
		.default('v26.0'),
	/** The project's API and its service key: the worker keeps files through Storage. Without them it touches none. */
	SUPABASE_URL: z.url().optional(),
	SUPABASE_SERVICE_ROLE_KEY: z.string().min(1).optional(),
	/** Where the web is: what the links in mails lead to. */
	WEB_URL: z.url().optional(),
	/** The server that takes our mails, `smtps://user:password@host:465` or `smtp://host:587`, and whom they come from. Without both none is sent. */
	SMTP_URL: z
		.string()
		.regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// address')
		.optional(),
	MAIL_FROM: z.string().regex(/@/, 'must be a mail address, or a name with one in brackets').optional(),
	/** A virus scanner: it is sent the bytes, and answers 2xx for clean, 406 for infected. Without it nothing is scanned. */
	MEDIA_SCAN_URL: z.url().optional(),
	/** Channels whose files are fetched at once, beside WORKER_CONCURRENCY: no download holds up a message. */
	MEDIA_CONCURRENCY: z.coerce.number().int().min(1).max(50).default(6),
	/** Sign pushes to people's devices (RFC 8292): raw public point and private scalar, base64url. Without them nothing is pushed. */
	VAPID_PUBLIC_KEY: z.string().min(80).optional(),
	VAPID_PRIVATE_KEY: z.string().min(40).optional(),
	/** Whom a push service may ask about our pushes. */
	VAPID_SUBJECT: z
		.string()
		.regex(/^(mailto:|https:)/, 'must be a mailto: or https: address')
		.optional(),
	/** Push services besides those of the known browsers, by origin, with commas between. */
	PUSH_SERVICES: z.string().optional(),
	/** Origins within our own network that flows may call all the same, with commas between: simulators. */
	FLOW_ORIGINS: z.string().optional(),
	/** The model provider: any server that speaks as OpenAI does. Without a key here or of a tenant's own, AI is off. */
	OPENAI_BASE_URL: z.url().default('https://api.openai.com/v1'),
	OPENAI_API_KEY: z.string().min(1).optional(),
	/** The model of AI nodes in bots, for companies without an AI agent of their own. */
	OPENAI_MODEL: z.string().min(1).max(100).optional(),
	/** Bots' steps at once, and calls of bots to other machines; both beside WORKER_CONCURRENCY. */
	FLOW_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(25),
	FLOW_CALL_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(16),
	/** AI agents that think at once, beside WORKER_CONCURRENCY too. */
	AI_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(8),
	/** Jobs at once. A send spends nearly all its time waiting for Meta. */
	WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(500).default(20),
	/** Loopback port of /metrics and /health; without it there is neither. */
	WORKER_METRICS_PORT: port.optional(),
	LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info')
});

export type Environment = z.infer<typeof Environment>;

/** The worker's settings. Throws one sentence a fault, each with the variable's name. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
	const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
	const result = Environment.safeParse(given);
	if (result.success) return result.data;
	const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
	throw new Error(`The worker's environment is not complete. ${faults.join('; ')}`);
}
