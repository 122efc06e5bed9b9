import { LARGEST_MEDIA } from '@prosa/core/media/media.ts';
import { startEmbedded, type Embedded } from '@prosa/supabase-embedded/index.ts';
import fs from 'node:fs';
import path from 'node:path';
import { installQueue } from '../workers/src/install_queue.ts';
import { startChild, type Child, type ChildOptions } from './child.ts';
import type { Closers } from './closers.ts';
import {
	doorEnvironment,
	simulatorEnvironment,
	webEnvironment,
	workerEnvironment,
	type Addresses
} from './environment.ts';
import { describeStack, type StackFacts } from './facts.ts';
import { rotateLog } from './logs.ts';
import { migrate } from './migrate.ts';
import { root, type Paths } from './paths.ts';
import type { Ports } from './ports.ts';
import { loadPrices } from './prices/load_prices.ts';
import { setPasswords } from './roles.ts';
import { graphToken, type Secrets } from './secrets.ts';
import { showPast } from './seed/phone_past.ts';
import { putInto } from './seed/put_file.ts';
import { seedWhenEmpty } from './seed/seed.ts';
import { createUsers } from './seed/users.ts';
import { openSignUp, signUp } from './sign_up.ts';
import { buildWeb } from './web_build.ts';

export interface UpOptions {
	dev: boolean;
	ports: Ports;
	paths: Paths;
	secrets: Secrets;
	closers: Closers;
	say: (sentence: string) => void;
	env: NodeJS.ProcessEnv;
}

export interface Up {
	facts: StackFacts;
	/** Resolves when Postgres is gone without having been asked to leave. */
	postgresLost: Promise<void>;
	children: { web: Child; worker: Child; simulator: Child; model: Child; sgp: Child };
}

const READY_MS = 60_000;
const STOP_MS = 5_000;
const LOOK_MS = 1_000;

/** Brings everything up and returns once all of it serves. Whatever was started is in `closers`, also when this throws. */
export async function bringUp(options: UpOptions): Promise<Up> {
	const { dev, ports, paths, secrets, closers, say, env } = options;

	const building = new AbortController();
	const build = dev
		? Promise.resolve('')
		: buildWeb({
				buildsDir: paths.webBuilds,
				logFile: rotateLog(paths.logs, 'web-build'),
				say,
				signal: building.signal
			});
	build.catch(() => {}); // awaited below; until then its failure must not end the process
	closers.add('web build', async () => building.abort());
	const supabase = await startSupabase(options);
	closers.add('embedded Supabase', () => supabase.stop());

	const addresses = describeAddresses(supabase, ports);
	const child = (name: string, rest: Pick<ChildOptions, 'args' | 'cwd' | 'env' | 'health'>) => {
		const echo = dev ? (line: string) => process.stdout.write(`${name.padEnd(9)} │ ${line}\n`) : undefined;
		return startChild({ name, logFile: rotateLog(paths.logs, name), say, echo, ...rest });
	};

	const seeded = await prepareDatabase(supabase, addresses.sgp, options);

	const worker = child('worker', {
		args: [path.join(root, 'workers/src/main.ts')],
		env: workerEnvironment(secrets, addresses, env)
	});
	closers.add('worker', () => worker.stop(2 * STOP_MS));
	const simulator = child('simulator', {
		args: [path.join(root, 'simulators/whatsapp/main.ts')],
		env: simulatorEnvironment(secrets, addresses, ports, paths.whatsapp),
		health: () => answers(addresses.whatsapp)
	});
	closers.add('simulator', () => simulator.stop(STOP_MS));
	const model = child('model', {
		args: [path.join(root, 'simulators/model/main.ts')],
		env: { PORT: String(ports.model) },
		health: () => answers(addresses.model)
	});
	closers.add('model', () => model.stop(STOP_MS));
	const sgp = child('sgp', {
		args: [path.join(root, 'simulators/sgp/main.ts')],
		env: { PORT: String(ports.sgp) },
		health: () => answers(addresses.sgp)
	});
	closers.add('sgp', () => sgp.stop(STOP_MS));
	const webBuild = await build;
	const web = child('web', {
		args: dev
			? [
					path.join(root, 'node_modules/vite/bin/vite.js'),
					'dev',
					'--strictPort',
					'--host',
					'127.0.0.1',
					'--port',
					String(ports.web)
				]
			: [path.join(webBuild, 'index.js')],
		cwd: path.join(root, 'web'),
		env: { ...webEnvironment(secrets, addresses, ports, env), NODE_ENV: dev ? 'development' : 'production' },
		health: () => answers(addresses.web)
	});
	closers.add('web', () => web.stop(STOP_MS));

	await Promise.all([worker, simulator, model, sgp, web].map((part) => part.ready(READY_MS)));
	if (seeded) await showPast(supabase.dbUrl, addresses.whatsapp);

	const facts = describeStack({
		secrets,
		apiUrl: addresses.api,
		dbUrl: supabase.dbUrl,
		anonKey: supabase.anonKey,
		serviceRoleKey: supabase.serviceRoleKey,
		webUrl: addresses.web,
		mailUrl: addresses.mail,
		graphUrl: addresses.whatsapp,
		modelUrl: addresses.model,
		sgpUrl: addresses.sgp
	});
	return {
		facts,
		postgresLost: lossOf(supabase.postgres.pid, closers),
		children: { web, worker, simulator, model, sgp }
	};
}

function startSupabase({ ports, paths, secrets, dev, env }: UpOptions): Promise<Embedded> {
	const log = fs.createWriteStream(rotateLog(paths.logs, 'supabase'), { flags: 'a' });
	const database = (role: string, password: string) =>
		`postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${ports.postgres}/postgres`;
	return startEmbedded({
		dataDir: paths.supabase,
		ports,
		jwtSecret: secrets.jwt_secret,
		siteUrl: `http://localhost:${ports.web}`,
		// As config.toml has it, but for the switch: SIGN_UP=off.
		auth: { signUp: signUp(env), anonymous: false, autoconfirm: false, passwordLength: 8, securePasswordChange: true },
		functions: {
			whatsapp: path.join(root, 'edge-functions/whatsapp/index.ts'),
			channels: path.join(root, 'edge-functions/channels/index.ts'),
			modules: path.join(root, 'edge-functions/modules/index.ts'),
			ai: path.join(root, 'edge-functions/ai/index.ts'),
			unsubscribe: path.join(root, 'edge-functions/unsubscribe/index.ts')
		},
		functionsEnv: doorEnvironment(
			secrets,
			database,
			{
				graph: `http://127.0.0.1:${ports.whatsapp}`,
				web: `http://localhost:${ports.web}`,
				model: `http://127.0.0.1:${ports.model}`
			},
			env
		),
		functionsReload: dev,
		functionsCwd: root,
		functionsHidden: [paths.dir],
		fileSizeLimit: LARGEST_MEDIA, // as supabase/config.toml has it
		log: (line: string) => log.write(`${line}\n`)
	});
}

function describeAddresses(supabase: Embedded, ports: Ports): Addresses {
	return {
		api: supabase.apiUrl,
		web: `http://localhost:${ports.web}`,
		mail: supabase.mailUrl,
		smtp: `smtp://127.0.0.1:${ports.smtp}`,
		whatsapp: `http://127.0.0.1:${ports.whatsapp}`,
		model: `http://127.0.0.1:${ports.model}`,
		sgp: `http://127.0.0.1:${ports.sgp}`,
		anonKey: supabase.anonKey,
		serviceRoleKey: supabase.serviceRoleKey,
		database: (role, password) =>
			`postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${supabase.postgres.port}/postgres`
	};
}

/** Says whether the demo companies were made just now. */
async function prepareDatabase(supabase: Embedded, sgpUrl: string, { secrets, say, env }: UpOptions): Promise<boolean> {
	await installQueue(supabase.dbUrl);
	const applied = await migrate(supabase.dbUrl);
	if (applied > 0) say(`Applied ${applied} migration${applied === 1 ? '' : 's'}.`);
	await loadPrices(supabase.dbUrl);
	await setPasswords(supabase.dbUrl, secrets);
	await openSignUp(supabase.dbUrl, signUp(env));
	return seedWhenEmpty({
		dbUrl: supabase.dbUrl,
		users: (people) => createUsers(supabase.apiUrl, supabase.serviceRoleKey, people),
		secretsKey: secrets.secrets_key,
		sgpUrl,
		tokenOf: (slug) => graphToken(secrets, slug),
		putFile: putInto(supabase.apiUrl, supabase.serviceRoleKey),
		say
	});
}

/** Postgres is no child of ours (it may have been found running), so its life is looked at from time to time. */
function lossOf(pid: number, closers: Closers): Promise<void> {
	return new Promise((resolve) => {
		const timer = setInterval(() => {
			try {
				process.kill(pid, 0);
			} catch (error) {
				// EPERM: it lives under another user.
				if ((error as NodeJS.ErrnoException).code !== 'ESRCH') return;
				clearInterval(timer);
				if (!closers.closing) resolve();
			}
		}, LOOK_MS);
		timer.unref();
	});
}

async function answers(url: string): Promise<void> {
	const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
	await response.body?.cancel();
	if (response.status >= 500) throw new Error(`it answers ${response.status}`);
}
