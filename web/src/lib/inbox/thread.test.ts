import { expect, test, vi } from 'vitest';
import type { Message } from '../database.ts';
import { aMessage } from './samples.ts';
import { Thread, type ThreadSource } from './thread.svelte.ts';

const pageSize = 10;
const rowsOf = (count: number): Message[] => Array.from({ length: count }, (_, n) => aMessage(n + 1));

/** A thread over an array of messages; what is pushed to it later is in the database, not yet in the thread. */
function threadOver(rows: Message[]) {
	const source = {
		page: vi.fn((before: number | null) =>
			Promise.resolve(rows.filter(({ seq }) => before === null || seq < before).slice(-pageSize))
		),
		from: vi.fn((seq: number, before: number | null) =>
			Promise.resolve(rows.filter((row) => row.seq >= seq && (before === null || row.seq < before)))
		),
		next: vi.fn((seq: number) => Promise.resolve(rows.filter((row) => row.seq >= seq).slice(0, pageSize))),
		seqOf: (id: string) => Promise.resolve(rows.find((row) => row.id === id)?.seq ?? null)
	};
	return { source, thread: new Thread('c', source as unknown as ThreadSource, pageSize) };
}
const seqs = (thread: Thread) => thread.messages.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('a message far back is shown in a window of its own, which grows both ways until it meets the newest', async () => {
	const { thread, source } = threadOver(rowsOf(400));
	await thread.older();
	await thread.seek({ seq: 100, messageId: 'm100' });
	expect(seqs(thread)).toEqual(range(90, 109));
	expect([thread.detached, thread.complete, thread.goal?.messageId]).toEqual([true, false, 'm100']);
	expect(source.from).not.toHaveBeenCalled();

	await thread.older();
	await thread.newer();
	expect(seqs(thread)).toEqual(range(80, 119));
	for (let n = 0; thread.detached && n < 50; n++) await thread.newer();
	expect(seqs(thread)).toEqual(range(80, 400));
});

test('while one looks far back, what arrives waits for its page, and what changes in sight changes', async () => {
	const rows = rowsOf(400);
	const { thread } = threadOver(rows);
	await thread.seek({ seq: 100, messageId: null });
	const late = aMessage(401);
	rows.push(late);
	thread.apply([late]);
	thread.apply([{ ...(rows[99] as Message), body: 'mudou', updated_at: '2030-01-01T00:00:00+00:00' }]);
	expect(seqs(thread)).toEqual(range(90, 109));
	expect(thread.messages.find(({ id }) => id === 'm100')?.body).toBe('mudou');
	await thread.newest();
	expect([thread.detached, seqs(thread)]).toEqual([false, range(392, 401)]);
});

test('what is near is loaded in one piece with the rest, and what is loaded already asks nobody', async () => {
	const { thread, source } = threadOver(rowsOf(100));
	await thread.older();
	await thread.seek({ seq: 50, messageId: null });
	expect([seqs(thread), thread.detached]).toEqual([range(40, 100), false]);
	source.from.mockClear();
	await thread.seek({ seq: 60, messageId: null });
	expect([source.from.mock.calls.length, source.next.mock.calls.length]).toEqual([0, 0]);
});

test('a quoted message is reached however old it is; one that is gone is not', async () => {
	const { thread } = threadOver(rowsOf(400));
	await thread.older();
	expect(await thread.reach('m3')).toBe(true);
	expect(seqs(thread)).toEqual(range(1, 12));
	expect(thread.complete).toBe(true);
	expect(await thread.reach('gone')).toBe(false);
});

test('a jump into a thread that was never opened loads that place and not the end first', async () => {
	const { thread, source } = threadOver(rowsOf(400));
	const seeking = thread.seek({ seq: 100, messageId: null });
	await thread.older();
	await seeking;
	expect(source.page.mock.calls).toEqual([[100]]);
	expect(seqs(thread)).toEqual(range(90, 109));
});

test('what came while the thread was open and nothing could be read is read when it can be', async () => {
	const rows = rowsOf(3);
	const { thread, source } = threadOver(rows);
	await thread.older();
	rows.push(aMessage(4));
	source.from.mockRejectedValueOnce(new Error('no line'));
	thread.catchUp();
	await vi.waitFor(() => expect(seqs(thread)).toEqual([1, 2, 3, 4]));
	thread.stop();
});

test('a first page that was asked for before the join is not taken for all there is', async () => {
	const rows = rowsOf(3);
	const { thread, source } = threadOver(rows);
	let answer: (page: Message[]) => void = () => undefined;
	source.page.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
	void thread.older();
	const before = [...rows];
	rows.push(aMessage(4));
	thread.catchUp();
	answer(before);
	await vi.waitFor(() => expect(seqs(thread)).toEqual([1, 2, 3, 4]));
});
