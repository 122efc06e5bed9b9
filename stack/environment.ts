import { MODEL_KEY } from '../simulators/model/src/access.ts';
import type { Ports } from './ports.ts';
import { graphToken, type Secrets } from './secrets.ts';
import { demoTenants } from './seed/demo.ts';

/** Whom our own mails come from. */
const MAIL_FROM = 'Prosa <avisos@prosa.test>';

/** Where everything stands, once the embedded Supabase is up. */
export interface Addresses {
	api: string;
	web: string;
	mail: string;
	smtp: string;
	whatsapp: string;
	model: string;
	sgp: string;
	anonKey: string;
	serviceRoleKey: string;
	/** A database address for a role and its password. */
	database(role: string, password: string): string;
}

/** What each process is told: its own secrets and its own database roles (each function has one), nothing of another's. */
export function doorEnvironment(
	secrets: Secrets,
	database: Addresses['database'],
	at: { graph: string; web: string; model: string },
	env: NodeJS.ProcessEnv = {}
): Record<string, string> {
	return {
		SUPABASE_DB_URL: database('prosa_door', secrets.door_password),
		CHANNELS_DB_URL: database('prosa_channels', secrets.channels_password),
		MODULES_DB_URL: database('prosa_modules', secrets.modules_password),
		AI_DB_URL: database('prosa_ai', secrets.ai_password),
		...modelEnvironment(at.model, env),
		GRAPH_API_URL: env.GRAPH_API_URL ?? at.graph,
		...pick(env, ['GRAPH_API_VERSION']),
		WEB_URL: at.web,
		WHATSAPP_APP_SECRET: secrets.whatsapp_app_secret,
		WHATSAPP_VERIFY_TOKEN: secrets.whatsapp_verify_token,
		SECRETS_KEY: secrets.secrets_key
	};
}

export function workerEnvironment(
	secrets: Secrets,
	addresses: Addresses,
	env: NodeJS.ProcessEnv
): Record<string, string> {
	return {
		SUPABASE_DB_URL: addresses.database('prosa_worker', secrets.worker_password),
		SECRETS_KEY: secrets.secrets_key,
		GRAPH_API_URL: env.GRAPH_API_URL ?? addresses.whatsapp,
		// It keeps the files of messages through Storage, past its policies; the database knows it as prosa_worker alone.
		SUPABASE_URL: addresses.api,
		SUPABASE_SERVICE_ROLE_KEY: addresses.serviceRoleKey,
		WEB_URL: addresses.web,
		...modelEnvironment(addresses.model, env),
		VAPID_PUBLIC_KEY: env.VAPID_PUBLIC_KEY ?? secrets.vapid.public_key,
		VAPID_PRIVATE_KEY: env.VAPID_PRIVATE_KEY ?? secrets.vapid.private_key,
		VAPID_SUBJECT: env.VAPID_SUBJECT ?? 'mailto:suporte@prosa.test',
		SMTP_URL: env.SMTP_URL ?? addresses.smtp,
		MAIL_FROM: env.MAIL_FROM ?? MAIL_FROM,
		// Within our own network nothing else may be called by flows and integrations.
		FLOW_ORIGINS: [addresses.sgp, env.FLOW_ORIGINS].filter(Boolean).join(),
		...pick(env, [
			'PUSH_SERVICES',
			'GRAPH_API_VERSION',
			'FLOW_CONCURRENCY',
			'FLOW_CALL_CONCURRENCY',
			'AI_CONCURRENCY',
			'MEDIA_CONCURRENCY',
			'MEDIA_SCAN_URL',
			'WORKER_CONCURRENCY',
			'WORKER_METRICS_PORT',
			'LOG_LEVEL'
		])
	};
}

/** A real provider as soon as either is set (OpenAI itself where only the key is); otherwise the simulator and its key. */
function modelEnvironment(model: string, env: NodeJS.ProcessEnv): Record<string, string> {
	return env.OPENAI_API_KEY || env.OPENAI_BASE_URL
		? pick(env, ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'])
		: { OPENAI_BASE_URL: `${model}/v1`, OPENAI_API_KEY: MODEL_KEY, OPENAI_MODEL: 'prosa-simulator' };
}

export function webEnvironment(
	secrets: Secrets,
	addresses: Addresses,
	ports: Ports,
	env: NodeJS.ProcessEnv
): Record<string, string> {
	return {
		VAPID_PUBLIC_KEY: secrets.vapid.public_key,
		MAIL_FROM: env.MAIL_FROM ?? MAIL_FROM,
		SUPABASE_URL: addresses.api,
		SUPABASE_ANON_KEY: addresses.anonKey,
		HOST: '127.0.0.1',
		PORT: String(ports.web)
	};
}

export function simulatorEnvironment(
	secrets: Secrets,
	addresses: Addresses,
	ports: Ports,
	stateDir: string
): Record<string, string> {
	const tokens = demoTenants.map(({ slug, channel }) => [channel.phone_number_id, graphToken(secrets, slug)]);
	return {
		PORT: String(ports.whatsapp),
		WEBHOOK_URL: `${addresses.api}/functions/v1/whatsapp`,
		APP_SECRET: secrets.whatsapp_app_secret,
		ACCESS_TOKENS: JSON.stringify(Object.fromEntries(tokens)),
		STATE_DIR: stateDir
	};
}

function pick(env: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
	return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
