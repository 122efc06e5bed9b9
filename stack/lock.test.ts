import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.ts';

let file: string;

beforeEach(() => {
	file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'prosa-lock-')), 'lock');
});
afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }));

test('two that want the same lock go one after another', async () => {
	const events: string[] = [];
	const turn = (name: string) =>
		withLock(file, async () => {
			events.push(`${name} in`);
			await new Promise((resolve) => setTimeout(resolve, 30));
			events.push(`${name} out`);
		});
	await Promise.all([turn('one'), turn('two')]);
	expect(events).toEqual(['one in', 'one out', 'two in', 'two out']);
});

test('a lock is given back when the work fails', async () => {
	await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await withLock(file, async () => 'yes')).toBe('yes');
});

test('the lock of a process that is gone is taken over', async () => {
	const { pid } = spawnSync('true');
	fs.writeFileSync(file, String(pid));
	expect(await withLock(file, async () => 'yes')).toBe('yes');
});
