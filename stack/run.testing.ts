import { freePort } from '@prosa/supabase-embedded/postgres/index.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './paths.ts';
import { describePort, portNames } from './ports.ts';

/** A stack as a person starts it, on ports and a data folder of its own. */
export interface TestStack {
	env: NodeJS.ProcessEnv;
	dataDir: string;
	/** `node stack/<script>` with these ports and this folder; resolves when it has ended. */
	run(script: string): Promise<{ code: number | null; output: string }>;
	/** Starts in the background; resolves when stack.json is there. */
	start(): Promise<Started>;
	/** Pid and command line of every process that works for this stack. */
	processes(): string[];
	remove(): void;
}

export interface Started {
	process: ChildProcess;
	output(): string;
	ended: Promise<number | null>;
}

const PATIENCE_MS = 100_000;

export async function createTestStack(): Promise<TestStack> {
	const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'prosa-stack-'));
	fs.chmodSync(dataDir, 0o755); // as root Postgres runs as another user
	const ports = new Set<number>();
	while (ports.size < portNames.length) ports.add(await freePort());
	const numbers = [...ports];
	const env: NodeJS.ProcessEnv = { ...process.env, DATA_DIR: dataDir, PORT_OFFSET: '0' };
	portNames.forEach((name, index) => (env[describePort(name).env] = String(numbers[index])));
	delete env.NODE_OPTIONS;

	const launch = (script: string): Started => {
		const child = spawn(process.execPath, [path.join(root, 'stack', script)], {
			cwd: root,
			env,
			stdio: ['ignore', 'pipe', 'pipe']
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr])
			stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
		const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
		return { process: child, output: () => output, ended };
	};

	return {
		env,
		dataDir,
		async run(script) {
			const started = launch(script);
			return { code: await started.ended, output: started.output() };
		},
		async start() {
			const started = launch('start.ts');
			const deadline = Date.now() + PATIENCE_MS;
			while (!fs.existsSync(path.join(dataDir, 'stack.json')) || !started.output().includes('Up in')) {
				if (started.process.exitCode !== null || Date.now() > deadline)
					throw new Error(`no start: ${started.output()}`);
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
			return started;
		},
		processes: () => processesOf(dataDir, numbers),
		remove: () => fs.rmSync(dataDir, { recursive: true, force: true })
	};
}

/** By what they were told: the folder or a port stands in the command line or the environment. On Linux; elsewhere none is seen. */
function processesOf(dataDir: string, ports: number[]): string[] {
	if (process.platform !== 'linux') return [];
	const marks = new RegExp(`${dataDir}|[=: ](${ports.join('|')})\\b`);
	const read = (pid: string, file: string) => fs.readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ');
	return fs
		.readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
		.flatMap((pid) => {
			try {
				const command = read(pid, 'cmdline');
				return marks.test(command) || marks.test(read(pid, 'environ')) ? [`${pid} ${command}`] : [];
			} catch {
				return [];
			}
		});
}
