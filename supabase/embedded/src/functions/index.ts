import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Service } from '../service.ts';
import { startDeno, type DenoProcess } from './deno.ts';
import { createProxy, Unreachable } from './proxy.ts';
import { watchCode } from './watch.ts';

export interface FunctionsOptions {
	/** Entrypoint files by function name. */
	functions: Record<string, string>;
	env: Record<string, string>;
	/** Internal: where Deno listens, on the loopback. */
	port: number;
	/** The project's folder. */
	cwd: string;
	/** Folders of the project that functions may not read: where its secrets and data are. */
	hidden?: string[];
	/** Starts anew when the code changes: of the functions, and of what they import from outside node_modules. */
	reload?: boolean;
	log?(line: string): void;
}

export interface FunctionsService extends Service {
	/** Resolves when requests will be answered; rejects when the very first start failed. */
	readonly ready: Promise<void>;
	/** Of the Deno process; undefined while there is none. */
	readonly pid: number | undefined;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** So long a request waits for a process that is starting. */
const PATIENCE = 5_000;

/** Edge functions in one real Deno process, which is started again whenever it ends. */
export async function createFunctions(options: FunctionsOptions): Promise<FunctionsService> {
	const { functions, cwd, reload = false, log = () => {} } = options;
	const proxy = createProxy(options.port);
	let stopped = false;
	let deno: DenoProcess | undefined;
	const first = Promise.withResolvers<void>();
	first.promise.catch(() => {});

	async function keepRunning(): Promise<void> {
		for (let pause = FIRST_PAUSE; !stopped;) {
			const began = Date.now();
			const current = startDeno({ ...options, log });
			deno = current;
			current.listening.then(first.resolve, first.reject);
			const reason = await current.exited;
			if (stopped) return;
			if (current === reloading) {
				pause = FIRST_PAUSE;
				continue;
			}
			log(reason);
			pause = Date.now() - began > 10_000 ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
			await sleep(pause, undefined, { ref: false });
		}
	}

	let reloading: DenoProcess | undefined;
	const watcher = reload
		? watchCode(
				Object.values(functions).map((file) => path.resolve(cwd, file)),
				cwd,
				() => {
					log('edge functions changed, starting them anew');
					reloading = deno;
					void deno?.stop();
				}
			)
		: undefined;
	const running = keepRunning();

	return {
		ready: first.promise,
		get pid() {
			return deno?.child.exitCode === null && deno.child.signalCode === null ? deno.child.pid : undefined;
		},
		async handle(request, response, context) {
			const starting = deno?.listening.catch(() => {});
			await Promise.race([starting, sleep(PATIENCE, undefined, { ref: false })]);
			try {
				await proxy.forward(request, response, context);
			} catch (error) {
				if (!(error instanceof Unreachable)) throw error;
				answerAway(response);
			}
		},
		async close() {
			stopped = true;
			watcher?.close();
			await deno?.stop();
			await running;
			proxy.close();
		}
	};
}

/** The caller may try again: a webhook's sender will. */
function answerAway(response: ServerResponse): void {
	if (response.headersSent || response.destroyed) return;
	response
		.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '1', 'Access-Control-Allow-Origin': '*' })
		.end(JSON.stringify({ code: 'SERVICE_UNAVAILABLE', message: 'Edge functions are starting' }));
}
