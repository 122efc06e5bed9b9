import type { JobHelpers } from 'graphile-worker';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { GiveUp, task } from './task.ts';

const Payload = z.object({ id: z.guid() });
const payload = { id: '6f7c1a52-8f3e-4c43-9d7c-4ad5ac1d8a10' };

function helpers() {
	const warn = vi.fn();
	return { warn, helpers: { logger: { warn } } as unknown as JobHelpers };
}

test('a task that returns ends its job', async () => {
	const run = vi.fn(async () => {});
	await task(Payload, run)(payload, helpers().helpers);
	expect(run).toHaveBeenCalledOnce();
});

test('a task that throws is tried again', async () => {
	const failing = task(Payload, async () => {
		throw new Error('database away');
	});
	await expect(failing(payload, helpers().helpers)).rejects.toThrow('database away');
});

test('a task that gives up ends its job and says why', async () => {
	const { warn, helpers: given } = helpers();
	await task(Payload, async () => {
		throw new GiveUp('the contact is gone');
	})(payload, given);
	expect(warn).toHaveBeenCalledWith('the contact is gone');
});

test('a payload that can not be read is not tried again, and the task never runs', async () => {
	const { warn, helpers: given } = helpers();
	const run = vi.fn(async () => {});
	await task(Payload, run)({ id: 'seven' }, given);
	expect(run).not.toHaveBeenCalled();
	expect(warn).toHaveBeenCalledOnce();
});
