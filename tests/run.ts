import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureChromium } from './chromium.ts';
import { countPlaywright, countVitest, type Counts } from './counts.ts';

interface Step {
	name: string;
	command: string[];
	/** Where the step counts tests itself, in a report it writes to the file named in `REPORT`. */
	count?: (report: string) => Counts;
	env?: () => Promise<Record<string, string>>;
}

const vitest = (project: string): Step => ({
	name: project,
	command: ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', '--outputFile=REPORT'],
	count: countVitest
});

const STEPS: Step[] = [
	{ name: 'lint', command: ['npm', 'run', '--silent', 'lint'] },
	{ name: 'types', command: ['npm', 'run', '--silent', 'check'] },
	{ name: 'functions types', command: ['npm', 'run', '--silent', 'check:functions'] },
	vitest('unit'),
	vitest('embedded'),
	vitest('database'),
	vitest('faults'),
	{
		name: 'journeys',
		command: ['playwright', 'test', '--config', 'tests/journeys/playwright.config.ts'],
		count: countPlaywright,
		env: async () => ({ CHROMIUM_PATH: await ensureChromium() })
	}
];

/** Runs every check, or those named as arguments, one after another, and closes with the counts of all. */
async function main(names: string[]): Promise<boolean> {
	const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
	if (unknown.length > 0) {
		throw new Error(`There is no step "${unknown[0]}"; there are ${STEPS.map((step) => step.name).join(', ')}.`);
	}
	const folder = await mkdtemp(path.join(os.tmpdir(), 'prosa-tests-'));
	const total: Counts = { passed: 0, failed: 0, skipped: 0, wavering: 0 };
	const failures: string[] = [];
	for (const step of STEPS) {
		if (names.length > 0 && !names.includes(step.name)) continue;
		const started = performance.now();
		const { counts, output } = await run(step, path.join(folder, `${step.name}.json`));
		if (counts.failed > 0) failures.push(`── the end of ${step.name}, which failed\n${output}`);
		total.passed += counts.passed;
		total.failed += counts.failed;
		total.skipped += counts.skipped;
		total.wavering = (total.wavering ?? 0) + (counts.wavering ?? 0);
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		console.log(`── ${step.name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s\n`);
	}
	await rm(folder, { recursive: true, force: true });
	// Once more where a reader looks: the end of a log is what is kept of it.
	for (const failure of failures) console.log(failure);
	if (total.wavering) console.log(`${total.wavering} passed only when repeated`);
	console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
	return total.failed === 0 && total.passed > 0;
}

/** How much of a step's output is kept, in characters. */
const KEPT = 12_000;

async function run(step: Step, report: string): Promise<{ counts: Counts; output: string }> {
	console.log(`── ${step.name}`);
	const [command, ...args] = step.command.map((part) => part.replace('REPORT', report)) as [string, ...string[]];
	const env = { ...process.env, REPORT: report, ...(await step.env?.()) };
	let output = '';
	const code = await new Promise<number>((resolve) => {
		const child = spawn(command, args, {
			stdio: ['inherit', 'pipe', 'pipe'],
			env,
			shell: process.platform === 'win32'
		});
		const pass = (to: NodeJS.WriteStream) => (text: string) => {
			to.write(text);
			output = (output + text).slice(-KEPT);
		};
		child.stdout.setEncoding('utf8').on('data', pass(process.stdout));
		child.stderr.setEncoding('utf8').on('data', pass(process.stderr));
		child.on('error', (error) => {
			console.error(`${command} could not be started: ${error.message}`);
			resolve(1);
		});
		child.on('close', (exit) => resolve(exit ?? 1));
	});
	if (!step.count) return { counts: { passed: Number(code === 0), failed: Number(code !== 0), skipped: 0 }, output };

	const counts = await readFile(report, 'utf8').then(step.count, () => ({ passed: 0, failed: 1, skipped: 0 }));
	// A runner can fail without a failing test: a suite that does not load, an unhandled rejection.
	if (code !== 0 && counts.failed === 0) counts.failed = 1;
	return { counts, output };
}

const ok = await main(process.argv.slice(2)).catch((error: Error) => {
	console.error(error.message);
	return false;
});
process.exitCode = ok ? 0 : 1;
