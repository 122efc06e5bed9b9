import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createAuth, type AuthOptions } from './auth/auth.ts';
import { createFunctions } from './functions/index.ts';
import { startGateway } from './gateway/index.ts';
import { createJwt } from './jwt.ts';
import { loadKeys, type ApiKeys } from './keys.ts';
import { createMail } from './mail/mail.ts';
import { assertPortFree, explainFolder, scaffold, startPostgres, type Postgres } from './postgres/index.ts';
import { createRealtime } from './realtime/index.ts';
import { createRest } from './rest/index.ts';
import type { Service } from './service.ts';
import { createStorage } from './storage/storage.ts';

export interface EmbeddedOptions {
	/** Everything that lasts: the database, files, mails, keys. */
	dataDir: string;
	ports: {
		gateway: number;
		postgres: number;
		mail: number;
		functions: number;
		/** Takes mails by SMTP; without it nobody does. */ smtp?: number;
	};
	/** Signs tokens; at least 32 characters. */
	jwtSecret: string;
	/** Where links in mails lead by default. */
	siteUrl: string;
	/** Of every database role that may log in. Default `postgres`. */
	password?: string;
	/** How people come in: what `[auth]` of a project's config.toml says. Default: as the Supabase CLI has it locally. */
	auth?: Pick<
		AuthOptions,
		'signUp' | 'anonymous' | 'autoconfirm' | 'passwordLength' | 'securePasswordChange' | 'jwtExp' | 'refreshTokenDays'
	>;
	/** Edge functions: name and entry file. */
	functions?: Record<string, string>;
	functionsEnv?: Record<string, string>;
	/** Start the functions anew when their code changes. */
	functionsReload?: boolean;
	/** Where Deno runs: the folder with node_modules. Default: this process's. */
	functionsCwd?: string;
	/** What functions may not read besides `dataDir`. */
	functionsHidden?: string[];
	/** Bytes an object in storage may have; 50 MiB by default, as on a new project. */
	fileSizeLimit?: number;
	log?: (line: string) => void;
}

export interface Embedded extends ApiKeys {
	apiUrl: string;
	/** Connection of role `postgres`. */
	dbUrl: string;
	postgres: Postgres;
	jwtSecret: string;
	mailUrl: string;
	stop(): Promise<void>;
}

/** Starts Postgres and all services of a Supabase project in this process. When one fails, what ran already stops. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
	const { ports, jwtSecret, log = () => {} } = options;
	const dataDir = path.resolve(options.dataDir);
	const apiUrl = `http://127.0.0.1:${ports.gateway}`;
	const running: (() => Promise<void>)[] = [];
	const stop = async () => {
		for (const end of running.splice(0).reverse()) await end();
	};
	const keep = <T extends Pick<Service, 'close'>>(service: T): T => {
		running.push(() => service.close());
		return service;
	};

	try {
		for (const port of [ports.gateway, ports.mail, ports.functions, ports.smtp ?? []].flat())
			await assertPortFree(port);
		await mkdir(dataDir, { recursive: true }).catch((error: unknown) => {
			throw explainFolder(dataDir, error);
		});
		const postgres = await startPostgres({
			dataDir: path.join(dataDir, 'postgres'),
			port: ports.postgres,
			...(options.password === undefined ? {} : { password: options.password })
		});
		running.push(() => postgres.stop());
		await scaffold(postgres);

		const jwt = createJwt(jwtSecret);
		const keys = await loadKeys(dataDir, jwtSecret);
		const mail = keep(
			await createMail({ port: ports.mail, dataDir, ...(ports.smtp === undefined ? {} : { smtpPort: ports.smtp }) })
		);
		const logError = (error: unknown) => log(error instanceof Error ? (error.stack ?? error.message) : String(error));
		const functions = keep(
			await createFunctions({
				functions: options.functions ?? {},
				env: { ...projectEnv(apiUrl, postgres.url(), keys), ...options.functionsEnv },
				port: ports.functions,
				cwd: options.functionsCwd ?? process.cwd(),
				hidden: [dataDir, ...(options.functionsHidden ?? [])],
				...(options.functionsReload === undefined ? {} : { reload: options.functionsReload }),
				log
			})
		);
		const rest = keep(await createRest({ url: postgres.url('authenticator'), jwt, log }));
		const authUrl = postgres.url('supabase_auth_admin');
		const auth = keep(
			await createAuth({
				url: authUrl,
				jwt,
				siteUrl: options.siteUrl,
				apiUrl,
				mail,
				log: logError,
				...options.auth
			})
		);
		const filesDir = path.join(dataDir, 'storage');
		const storageUrl = postgres.url('supabase_storage_admin');
		const { fileSizeLimit } = options;
		const storage = keep(
			await createStorage({
				url: storageUrl,
				jwt,
				filesDir,
				apiUrl,
				log: logError,
				...(fileSizeLimit === undefined ? {} : { fileSizeLimit })
			})
		);
		const realtime = keep(await createRealtime({ url: postgres.url('supabase_replication_admin'), jwt, log }));
		await realtime.ready;
		keep(
			await startGateway({
				port: ports.gateway,
				jwt,
				keys,
				services: { rest, auth, storage, realtime, functions },
				log
			})
		);
		if (options.functions) await functions.ready;
		return { apiUrl, dbUrl: postgres.url(), postgres, ...keys, jwtSecret, mailUrl: mail.url, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** What every edge function of a hosted project finds in its environment. */
function projectEnv(apiUrl: string, dbUrl: string, keys: ApiKeys): Record<string, string> {
	return {
		SUPABASE_URL: apiUrl,
		SUPABASE_ANON_KEY: keys.anonKey,
		SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
		SUPABASE_DB_URL: dbUrl
	};
}
