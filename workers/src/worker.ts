import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { run, type Runner, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from './database.ts';
import type { Environment } from './environment.ts';
import { createGraphClient } from './graph/client.ts';
import { createReceiptClient } from './graph/receipts.ts';
import { createLeases } from './leases.ts';
import { watchLiveness } from './liveness.ts';
import { connectQueue } from './queue_connections.ts';
import { queueLogger, type Log } from './log.ts';
import { createFileServices } from './media/services.ts';
import { uploadMedia } from './media/upload.ts';
import { startFlowPools } from './flow_pools.ts';
import { startMediaPool } from './media_pool.ts';
import type { Pool } from './pool.ts';
import { createMetrics, serveMetrics, type Metrics } from './metrics.ts';
import { createMailer } from './mail/smtp.ts';
import { createPushClient } from './push/client.ts';
import { Pacers } from './sending/pacer.ts';
import type { Uploader } from './sending/prepare.ts';
import { createTasks } from './tasks.ts';
import { createAuthServer } from './people/auth.ts';
import { templateDeps } from './templates/deps.ts';

export interface RunningWorker {
	/** Rejects when the worker can't go on. */
	finished: Promise<void>;
	/** Lets running jobs end their step, gives the others back and closes everything. */
	stop(): Promise<void>;
}

/** A conversation cut off by a crash stands still for up to twice this long. */
const REAP_MS = 4_000;
/** A call to Meta may take this long; a job cut off in it leaves an attempt whose outcome is unknown. */
const SHUTDOWN_MS = 8_000;
/** Longer than a database takes to fail over or to restart. */
const PATIENCE_MS = 30_000;

/** Starts taking jobs. Resolves once it listens for them. */
export async function startWorker(environment: Environment, log: Log, patience = PATIENCE_MS): Promise<RunningWorker> {
	const { SUPABASE_DB_URL: url, WORKER_CONCURRENCY: concurrency, WORKER_METRICS_PORT: port } = environment;
	const keys = await readSecretKeys(environment.SECRETS_KEY);
	const metrics = createMetrics();
	const db = connect(url, Math.min(concurrency, 10));
	const connections = connectQueue(url, log);
	const graph = createGraphClient({
		url: environment.GRAPH_API_URL,
		version: environment.GRAPH_API_VERSION,
		// How many calls are in flight the drains decide; a message must never wait for a connection past its departure.
		connections: Infinity
	});
	const receipts = createReceiptClient({
		url: environment.GRAPH_API_URL,
		version: environment.GRAPH_API_VERSION,
		connections: concurrency
	});
	const pacers = new Pacers(db, () => metrics.missedDepartures.inc());
	const mail = mailOf(environment);
	const stopping = new AbortController();
	const files = createFileServices(environment);
	const upload: Uploader | null = files && ((file, signal) => uploadMedia(file, { db, ...files }, signal));
	const leases = createLeases(url, log);
	let runner: Runner | undefined;
	let media: Pool | null = null;
	let flows: Pool | null = null;
	const flowOrigins = environment.FLOW_ORIGINS?.split(',') ?? [];
	const ai = {
		baseUrl: environment.OPENAI_BASE_URL,
		key: environment.OPENAI_API_KEY ?? null,
		model: environment.OPENAI_MODEL ?? null
	};

	const reap = async () => {
		const dead = await leases.freeDead();
		if (dead.length > 0) log.warn({ workers: dead }, 'freed the jobs of workers that are gone');
	};
	const timer = setInterval(
		() => reap().catch((error) => log.warn({ err: error }, 'could not look for dead workers')),
		REAP_MS
	);

	let listening = false;
	const close = async () => {
		clearInterval(timer);
		listening = false;
		stopping.abort();
		pacers.dismiss();
		// Both at once: a stop has a last moment.
		await Promise.all([runner?.stop().catch(() => {}), media?.stop(), flows?.stop()]); // it has stopped by itself already
		await leases.close();
		graph.close();
		receipts.close();
		mail?.mailer.close();
		await Promise.all([
			db.end({ timeout: 2 }),
			Promise.race([connections.end(), wait(2_000, undefined, { ref: false })])
		]);
		closeMetrics?.();
	};
	const closeMetrics = port === undefined ? undefined : await serveMetrics(metrics.registry, port, () => listening);

	try {
		const events: WorkerEvents = new EventEmitter();
		const ready = new Promise<void>((resolve) => events.once('pool:listen:success', () => resolve()));
		events.on('pool:create', ({ workerPool }) => {
			leases
				.hold(workerPool.id)
				.catch((error) => log.error({ err: error }, 'this worker could not declare itself alive'));
		});
		observeJobs(events, metrics);
		const stuck = watchLiveness(events, log, patience);
		stuck.catch(() => (listening = false));
		await reap();
		await db`select private.declare_ai_platform(${environment.OPENAI_BASE_URL}, ${environment.OPENAI_API_KEY !== undefined})`;
		runner = await run({
			pgPool: connections,
			concurrency,
			logger: queueLogger(log),
			noHandleSignals: true,
			gracefulShutdownAbortTimeout: SHUTDOWN_MS,
			pollInterval: 2_000,
			crontabFile: fileURLToPath(new URL('../crontab', import.meta.url)),
			taskList: createTasks({
				db,
				graph,
				upload,
				receipts,
				keys,
				metrics,
				pacers,
				stopping: stopping.signal,
				mail,
				push: pushClient(environment),
				pushServices: environment.PUSH_SERVICES?.split(',') ?? [],
				ai,
				flowOrigins,
				...templateDeps(environment),
				auth: createAuthServer(environment),
				graphAt: { url: environment.GRAPH_API_URL, version: environment.GRAPH_API_VERSION }
			}),
			events
		});
		await Promise.race([ready, runner.promise]);
		const beside = {
			environment,
			connections,
			leases,
			log,
			observe: (poolEvents: WorkerEvents) => observeJobs(poolEvents, metrics),
			patience,
			shutdown: SHUTDOWN_MS
		};
		media = await startMediaPool({ ...beside, files, db, keys, metrics });
		flows = await startFlowPools({ ...beside, deps: { db, keys, metrics, ai, flowOrigins } });
		listening = true;
		const pools = [flows, media].flatMap((pool) => pool?.finished ?? []);
		return { finished: Promise.race([runner.promise, stuck, ...pools]), stop: close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Letters need a server that takes them, and addresses that their links lead to. */
function mailOf({ SMTP_URL, MAIL_FROM, WEB_URL, SUPABASE_URL }: Environment) {
	if (!SMTP_URL || !MAIL_FROM || !WEB_URL || !SUPABASE_URL) return null;
	const unsubscribeUrl = `${SUPABASE_URL.replace(/\/+$/, '')}/functions/v1/unsubscribe`;
	return { mailer: createMailer(SMTP_URL, MAIL_FROM), webUrl: WEB_URL, unsubscribeUrl };
}

function pushClient({
	VAPID_PUBLIC_KEY: publicKey,
	VAPID_PRIVATE_KEY: privateKey,
	VAPID_SUBJECT: subject = 'mailto:postmaster@localhost'
}: Environment) {
	return publicKey && privateKey ? createPushClient({ publicKey, privateKey, subject }) : null;
}

function observeJobs(events: WorkerEvents, metrics: Metrics): void {
	const started = new Map<string, () => void>();
	events.on('job:start', ({ job }) => {
		metrics.running.inc();
		started.set(job.id, metrics.jobSeconds.startTimer({ task: job.task_identifier }));
	});
	events.on('job:complete', ({ job, error }) => {
		metrics.running.dec();
		metrics.jobs.inc({ task: job.task_identifier, outcome: error ? 'failed' : 'done' });
		started.get(job.id)?.();
		started.delete(job.id);
	});
}
