import { readFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { StackFacts } from '../../stack/facts.ts';
import { createTestStack, type Started, type TestStack } from '../../stack/run.testing.ts';

/** The stack of one file of tests. */
export interface FaultyStack {
	readonly facts: StackFacts;
	readonly sql: postgres.Sql;
	/** The process that holds everything together. */
	readonly parent: Started;
	/** Pids of the stack's processes whose command line says this. */
	pids(of: RegExp): number[];
	/** Every process of the stack, as pid and command line. */
	processes(): string[];
	/** Brings it up again after it went down. */
	start(): Promise<void>;
}

/** Starts a stack for the tests of a file, and takes it down after them. */
export function useStack(): FaultyStack {
	let stack: TestStack;
	let parent: Started | undefined;
	let facts: StackFacts | undefined;
	let sql: postgres.Sql | undefined;

	async function start() {
		parent = await stack.start();
		facts = JSON.parse(readFileSync(path.join(stack.dataDir, 'stack.json'), 'utf8')) as StackFacts;
		sql ??= postgres(facts.db_url, { max: 2, onnotice: () => {} });
	}

	beforeAll(async () => {
		stack = await createTestStack();
		await start();
	}, 300_000);

	afterAll(async () => {
		await sql?.end({ timeout: 1 });
		parent?.process.kill('SIGTERM');
		await parent?.ended;
		await vi.waitFor(() => expect(stack.processes()).toEqual([]), { timeout: 15_000 });
		stack.remove();
	}, 60_000);

	const there = <T>(thing: T | undefined): T => {
		if (thing === undefined) throw new Error('the stack is not up');
		return thing;
	};
	return {
		get facts() {
			return there(facts);
		},
		get sql() {
			return there(sql);
		},
		get parent() {
			return there(parent);
		},
		pids: (of) => stack.processes().flatMap((line) => (of.test(line) ? [Number.parseInt(line)] : [])),
		processes: () => stack.processes(),
		start
	};
}
