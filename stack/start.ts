import fs from 'node:fs';
import path from 'node:path';
import { Closers } from './closers.ts';
import { readFacts, writeFacts } from './facts.ts';
import { useProjectNode } from './node_version.ts';
import { dataPaths } from './paths.ts';
import { readPorts, Refusal } from './ports.ts';
import { checkPorts, makeFolders } from './preflight.ts';
import { claim, runningPid } from './running.ts';
import { loadSecrets } from './secrets.ts';
import { renderTable } from './table.ts';

/** How long all of a stop may take; what is left then leaves by itself, for its parent is gone. */
const STOP_LIMIT_MS = 30_000;
/** What a killed stack left behind is gone within this time. */
const LEFTOVER_MS = 10_000;

const say = (sentence: string) => console.log(sentence);

async function main(): Promise<void> {
	useProjectNode();
	const startedAt = performance.now();
	const dev = process.argv.includes('--dev');
	const ports = readPorts(process.env);
	const paths = dataPaths(process.env);
	makeFolders(paths);

	const leftover = fs.existsSync(paths.pid);
	if (!claim(paths.pid)) return sayRunning(paths.pid, paths.facts);
	fs.rmSync(paths.facts, { force: true });

	const closers = new Closers();
	const stop = (code: number) => {
		setTimeout(() => process.exit(code || 1), STOP_LIMIT_MS).unref();
		void closers.close(say).then(() => process.exit(code));
	};
	closers.add('claim on the data folder', async () => {
		for (const file of [paths.facts, paths.pid]) fs.rmSync(file, { force: true });
	});
	let asked = 0;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			if (++asked > 1) return signal === 'SIGINT' ? process.exit(130) : undefined;
			say('Stopping …');
			stop(0);
		});
	}

	try {
		await checkPorts(ports, new Set(), leftover ? LEFTOVER_MS : 0);
		const { bringUp } = await import('./up.ts');
		const { facts, postgresLost, children } = await bringUp({
			dev,
			ports,
			paths,
			secrets: loadSecrets(paths.secrets),
			closers,
			say,
			env: process.env
		});
		writeFacts(paths.facts, facts);
		console.log(renderTable(facts));
		say(
			`Up in ${((performance.now() - startedAt) / 1000).toFixed(1)} s. Ctrl-C stops everything; logs: ${path.relative(process.cwd(), paths.logs)}`
		);
		void postgresLost.then(() => {
			console.error(`Postgres has stopped by itself; its log is ${path.join(paths.supabase, 'postgres/server.log')}.`);
			stop(1);
		});
		if (dev) (await import('./reload.ts')).watchSources(children, say);
	} catch (error) {
		if (closers.closing) return;
		complain(error);
		stop(1);
	}
}

function sayRunning(pidFile: string, factsFile: string): void {
	const facts = readFacts(factsFile);
	if (facts) console.log(renderTable(facts));
	const state = facts ? 'is already running' : 'is being started';
	say(`Prosa ${state} (process ${runningPid(pidFile)}); nothing was changed. Stop it with Ctrl-C where it runs.`);
}

function complain(error: unknown): void {
	if (error instanceof Refusal) console.error(error.message);
	else console.error(error instanceof Error ? error.message : error);
	if (process.env.DEBUG) console.error(error);
}

main().catch((error) => {
	complain(error);
	process.exit(1);
});
