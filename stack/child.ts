import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './paths.ts';

export interface ChildOptions {
	name: string;
	/** Arguments of Node: the script first. */
	args: string[];
	cwd?: string;
	/** All the child gets to know, besides what any program needs to run. */
	env: Record<string, string>;
	logFile: string;
	/** Throws while the child does not serve yet. Without it the child says `ready` over its channel. */
	health?: () => Promise<void>;
	/** A sentence for the person at the terminal. */
	say: (sentence: string) => void;
	/** Also shown at the terminal, line by line (development). */
	echo?: ((line: string) => void) | undefined;
}

export interface Child {
	readonly name: string;
	/** Resolves when the child serves; rejects when it does not within `limit` milliseconds. */
	ready(limit: number): Promise<void>;
	/** Replaces the process by a new one, for new code. */
	restart(): void;
	/** Asks the process to leave and insists after `limit` milliseconds. */
	stop(limit: number): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** A child that lived this long has earned a fresh start. */
const STEADY_MS = 30_000;

/**
 * Runs one process of the stack and keeps it running: one that dies is started again after a pause that doubles.
 * It lives no longer than this process (see tether.ts).
 */
export function startChild(options: ChildOptions): Child {
	const { name, say, logFile } = options;
	let current: ChildProcess;
	let pause = FIRST_PAUSE_MS;
	let stopping = false;
	let served = false;
	let saidReady = false;
	let lastExit: string | null = null;
	let timer: NodeJS.Timeout | undefined;

	function launch(): void {
		const startedAt = Date.now();
		const child = spawnNode(options);
		current = child;
		child.on('message', (message) => {
			if (message === 'ready') saidReady = true;
		});
		child.channel?.unref();
		child.on('exit', (code, signal) => {
			if (stopping || current !== child) return;
			lastExit = signal ? `it was ended by ${signal}` : `it left with exit code ${code}`;
			if (Date.now() - startedAt > STEADY_MS) pause = FIRST_PAUSE_MS;
			if (served) say(`The ${name} has stopped (${lastExit}) and is started again; its log is ${relative(logFile)}.`);
			timer = setTimeout(launch, pause);
			pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
		});
	}

	async function check(): Promise<void> {
		if (options.health) return options.health();
		if (!saidReady) throw new Error('it has not said that it is ready');
	}

	launch();
	return {
		name,
		async ready(limit) {
			const deadline = Date.now() + limit;
			let reason = '';
			while (Date.now() < deadline && !stopping) {
				try {
					await check();
					served = true;
					return;
				} catch (error) {
					reason = error instanceof Error ? error.message : String(error);
				}
				await wait(25);
			}
			if (stopping) return;
			throw new Error(`The ${name} is not up after ${limit / 1000} s: ${lastExit ?? reason}. ${tail(logFile)}`);
		},
		restart() {
			const old = current;
			clearTimeout(timer);
			pause = FIRST_PAUSE_MS;
			// The old one must have left the port before the new one asks for it.
			const next = () => {
				if (!stopping && current === old) launch();
			};
			if (hasLeft(old)) return next();
			old.removeAllListeners('exit');
			old.once('exit', next);
			old.kill('SIGTERM');
		},
		async stop(limit) {
			stopping = true;
			clearTimeout(timer);
			const child = current;
			if (hasLeft(child)) return;
			const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			child.kill('SIGTERM');
			const late = setTimeout(() => child.kill('SIGKILL'), limit);
			await gone;
			clearTimeout(late);
		}
	};
}

function hasLeft(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

function spawnNode({ args, cwd, env, logFile, echo }: ChildOptions): ChildProcess {
	const log = fs.openSync(logFile, 'a');
	// Without an echo the log is the child's own descriptor: not a byte passes through this process, which is the gateway.
	const sink = echo ? ('pipe' as const) : log;
	const child = spawn(process.execPath, ['--import', path.join(root, 'stack/tether.ts'), ...args], {
		cwd: cwd ?? root,
		env: { ...inherited(), ...env },
		stdio: ['ignore', sink, sink, 'ipc'],
		// A terminal sends Ctrl-C to its whole process group; children leave when this process says so, in order.
		detached: process.platform !== 'win32'
	});
	if (!echo) {
		fs.closeSync(log);
		return child;
	}
	const file = fs.createWriteStream('', { fd: log });
	for (const stream of [child.stdout, child.stderr]) {
		let rest = '';
		stream?.setEncoding('utf8').on('data', (text: string) => {
			file.write(text);
			const lines = (rest + text).split('\n');
			rest = lines.pop() ?? '';
			lines.forEach(echo);
		});
	}
	child.once('close', () => file.end());
	return child;
}

/** What a program needs of its surroundings, and nothing that could be a secret of another. */
function inherited(): Record<string, string> {
	const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'SystemRoot', 'NODE_EXTRA_CA_CERTS', 'NO_COLOR'];
	return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function tail(file: string): string {
	const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
	return lines ? `The end of ${relative(file)}:\n${lines}` : `${relative(file)} is empty.`;
}

function relative(file: string): string {
	return path.relative(process.cwd(), file) || file;
}
