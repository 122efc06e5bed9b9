import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Outbox, type Send, type Upload } from './outbox.svelte.ts';
import { aMessage } from './samples.ts';

const text = (words: string) => ({ kind: 'text' as const, text: words });
const said = (send: ReturnType<typeof vi.fn<Send>>) =>
	send.mock.calls.map(([{ content }]) => (content.kind === 'text' ? content.text : content.kind));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('messages leave one after another, in the order they were written', async () => {
	const finish: (() => void)[] = [];
	const send = vi.fn<Send>(() => new Promise((done) => finish.push(() => done(aMessage(1)))));
	const outbox = new Outbox(send, () => {});
	outbox.add(text('um'));
	outbox.add(text('dois'));
	expect(said(send)).toEqual(['um']);
	finish[0]?.();
	await vi.runAllTimersAsync();
	expect(said(send)).toEqual(['um', 'dois']);
	expect(outbox.items.map(({ content }) => content)).toEqual([text('dois')]);
});

test('a refusal stays at its message with its reason, and does not hold back the next', async () => {
	const refusal = { code: 'PT422', message: 'content_invalid', details: 'text_too_long' };
	const send = vi.fn<Send>().mockRejectedValueOnce(refusal).mockResolvedValue(aMessage(2));
	const outbox = new Outbox(send, () => {});
	outbox.add(text('comprida'));
	outbox.add(text('curta'));
	await vi.runAllTimersAsync();
	expect(said(send)).toEqual(['comprida', 'curta']);
	expect(outbox.items.map(({ failed }) => failed)).toEqual([{ code: 'content_invalid', detail: 'text_too_long' }]);
});

test('without a connection the message waits, holds its place, and goes again under the same id', async () => {
	const send = vi.fn<Send>().mockRejectedValueOnce(new TypeError('Failed to fetch')).mockResolvedValue(aMessage(3));
	const outbox = new Outbox(send, () => {});
	outbox.add(text('primeiro'));
	await vi.advanceTimersByTimeAsync(0);
	expect(outbox.items[0]?.failed?.code).toBe('offline');
	outbox.add(text('segundo'));
	await vi.advanceTimersByTimeAsync(0);
	expect(said(send)).toEqual(['primeiro']);
	await vi.runAllTimersAsync();
	expect(said(send)).toEqual(['primeiro', 'primeiro', 'segundo']);
	const ids = send.mock.calls.map(([{ clientId }]) => clientId);
	expect(ids[0]).toBe(ids[1]);
	expect(outbox.items).toEqual([]);
});

test('a message waits for its file, and one given up meanwhile is not sent', async () => {
	let uploaded = () => {};
	const upload: Upload = {
		preview: null,
		name: 'bolo.jpg',
		progress: 0,
		ready: () => new Promise((done) => (uploaded = done)),
		release: vi.fn()
	};
	const send = vi.fn<Send>().mockResolvedValue(aMessage(4));
	const outbox = new Outbox(send, () => {});
	outbox.add(text('com arquivo'), null, upload);
	expect(send).not.toHaveBeenCalled();
	uploaded();
	await vi.runAllTimersAsync();
	expect(said(send)).toEqual(['com arquivo']);
	expect(upload.release).toHaveBeenCalledOnce();

	outbox.add(text('outra'), null, upload);
	outbox.discard(outbox.items[0]?.clientId ?? '');
	uploaded();
	await vi.runAllTimersAsync();
	expect(said(send)).toEqual(['com arquivo']);
});

test('what an earlier page had not sent goes first, under the same id, and is kept until it is there', async () => {
	const send = vi.fn<Send>().mockResolvedValue(aMessage(4));
	const keeper = { keep: vi.fn(), drop: vi.fn() };
	const before = new Outbox(
		() => new Promise(() => {}),
		() => {},
		keeper
	);
	before.add(text('antes'));
	const [unsent] = before.items;
	if (!unsent) throw new Error('nothing waits');
	expect(keeper.keep).toHaveBeenCalledWith(unsent);

	const outbox = new Outbox(send, () => {}, keeper);
	outbox.restore([unsent]);
	outbox.restore([unsent]);
	outbox.add(text('depois'));
	await vi.runAllTimersAsync();
	expect(said(send)).toEqual(['antes', 'depois']);
	expect(send.mock.calls[0]?.[0].clientId).toBe(unsent.clientId);
	expect(keeper.drop).toHaveBeenCalledWith(unsent.clientId);
	expect(outbox.items).toEqual([]);
});

test('what somebody gave up is not kept either', () => {
	const keeper = { keep: vi.fn(), drop: vi.fn() };
	const outbox = new Outbox(
		() => new Promise(() => {}),
		() => {},
		keeper
	);
	outbox.add(text('melhor não'));
	outbox.discard(outbox.items[0]?.clientId ?? '');
	expect(keeper.drop).toHaveBeenCalledTimes(1);
});
