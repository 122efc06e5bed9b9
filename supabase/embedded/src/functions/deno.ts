import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROUTER = fileURLToPath(new URL('./router.ts', import.meta.url));

export interface DenoOptions {
	/** Entrypoint files by function name. */
	functions: Record<string, string>;
	env: Record<string, string>;
	port: number;
	/** The project: what the functions may read, and where their packages are. */
	cwd: string;
	/** Folders of the project that functions may not read: where its secrets and data are. */
	hidden?: string[];
	log(line: string): void;
}

export interface DenoProcess {
	readonly child: ChildProcess;
	/** Resolves when it takes requests; rejects when it ended before. */
	readonly listening: Promise<void>;
	readonly exited: Promise<string>;
	stop(): Promise<void>;
}

/**
 * Starts Deno on the router. It takes packages from node_modules alone, fetches no code, reads the project and nothing
 * else, and writes nothing.
 */
export function startDeno(options: DenoOptions): DenoProcess {
	const { env, port, cwd } = options;
	const functions = Object.fromEntries(
		Object.entries(options.functions).map(([name, file]) => [name, pathToFileURL(path.resolve(cwd, file)).href])
	);
	const config = ['deno.json', 'deno.jsonc'].map((name) => path.join(cwd, name)).find((file) => existsSync(file));
	const child = spawn(
		denoBinary(),
		[
			'run',
			'--quiet',
			'--no-prompt',
			'--no-remote',
			'--cached-only',
			'--no-lock',
			'--node-modules-dir=manual',
			...(config ? [`--config=${config}`] : []),
			'--allow-net',
			'--allow-env',
			`--allow-read=${[cwd, ROUTER].join(',')}`,
			...(options.hidden?.length ? [`--deny-read=${options.hidden.join(',')}`] : []),
			ROUTER
		],
		{
			cwd,
			env: {
				...inherited(),
				NO_COLOR: '1',
				DENO_NO_UPDATE_CHECK: '1',
				...env,
				EDGE_FUNCTIONS: JSON.stringify(functions),
				EDGE_FUNCTIONS_PORT: String(port)
			},
			stdio: ['pipe', 'pipe', 'pipe'],
			detached: process.platform !== 'win32' // Ctrl-C reaches us alone; requests in flight may end first
		}
	);
	child.stdin.on('error', () => {});

	const listening = Promise.withResolvers<void>();
	listening.promise.catch(() => {});
	const lastLines: string[] = [];
	readline.createInterface(child.stdout).on('line', (line) => {
		if (line === 'edge functions are listening') listening.resolve();
		else options.log(line);
	});
	readline.createInterface(child.stderr).on('line', (line) => {
		lastLines.push(line);
		if (lastLines.length > 5) lastLines.shift();
		options.log(line);
	});
	const exited = new Promise<string>((resolve) => {
		child.once('error', (error) => resolve(`Deno can't be started: ${error.message}`));
		child.once('exit', (code, signal) => resolve(`Deno ended with ${signal ?? code}: ${lastLines.join(' ')}`));
	});
	void exited.then((reason) => listening.reject(new Error(reason)));

	return {
		child,
		listening: listening.promise,
		exited,
		async stop() {
			child.kill('SIGTERM');
			const stubborn = setTimeout(() => child.kill('SIGKILL'), 2_000);
			await exited;
			clearTimeout(stubborn);
		}
	};
}

/** What a program needs of its surroundings; secrets of ours are not among it. */
function inherited(): Record<string, string> {
	const names = [
		'PATH',
		'HOME',
		'USERPROFILE',
		'LOCALAPPDATA',
		'XDG_CACHE_HOME',
		'DENO_DIR',
		'TMPDIR',
		'TEMP',
		'SystemRoot',
		'LANG'
	];
	return Object.fromEntries(
		names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
	);
}

/** The binary that came with `npm ci`, also where its install script was not run. */
export function denoBinary(): string {
	const { runInstall } = createRequire(import.meta.url)('deno/install_api.cjs') as { runInstall(): string };
	return runInstall();
}
