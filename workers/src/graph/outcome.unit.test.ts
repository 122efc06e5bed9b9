import { expect, test } from 'vitest';
import { settle } from './outcome.ts';

const refused = (code: number, status = 400) =>
	({ type: 'refused', status, error: { code, title: 'title', details: 'details' } }) as const;

test('what Meta took is settled with its id', () => {
	expect(settle({ type: 'accepted', external_id: 'wamid.1' }, 1)).toEqual({
		result: 'accepted',
		external_id: 'wamid.1'
	});
});

test.each([
	[131047, 'the window has closed'],
	[131026, 'it cannot be delivered'],
	[131050, 'the person stopped marketing'],
	[131049, 'the person gets too much marketing already'],
	[131048, 'the number was restricted for spam'],
	[132000, 'the template does not match']
])('error %i fails the message for good: %s', (code) => {
	expect(settle(refused(code), 1)).toEqual({ result: 'failed', error: { code, title: 'title', details: 'details' } });
});

test.each([190, 0, 10, 200, 368])('error %i holds the channel and loses nothing', (code) => {
	expect(settle(refused(code, 401), 1)).toMatchObject({ result: 'hold', error: { code } });
});

test.each([130429, 80007, 4, 131000, 131016, 1, 2])('error %i is tried again, later each time', (code) => {
	const first = settle(refused(code, 500), 1);
	const third = settle(refused(code, 500), 3);
	expect(first).toMatchObject({ result: 'retry' });
	expect(third).toMatchObject({ result: 'retry' });
	if (first.result === 'retry' && third.result === 'retry') {
		expect(first.after_seconds).toBeGreaterThan(0);
		expect(third.after_seconds).toBeGreaterThan(first.after_seconds);
	}
});

test('too many messages to one person wait four to the power of the tries', () => {
	expect([1, 2, 3].map((tries) => settle(refused(131056), tries))).toMatchObject([
		{ result: 'retry', after_seconds: 4 },
		{ result: 'retry', after_seconds: 16 },
		{ result: 'retry', after_seconds: 64 }
	]);
});

test('trouble at Meta that does not end fails the message in the end', () => {
	expect(settle(refused(131000, 500), 50)).toMatchObject({ result: 'failed', error: { code: 131000 } });
});

test('an unknown error fails, unless its HTTP status says that the fault passes', () => {
	expect(settle(refused(999999, 400), 1)).toMatchObject({ result: 'failed' });
	expect(settle(refused(999999, 503), 1)).toMatchObject({ result: 'retry' });
	expect(settle(refused(999999, 429), 1)).toMatchObject({ result: 'retry' });
});

test('what never left is tried until it does, at most five minutes apart', () => {
	const pauses = [1, 2, 3, 100].map((tries) => settle({ type: 'unreached', reason: 'ECONNREFUSED' }, tries));
	expect(pauses).toMatchObject([2, 4, 8, 300].map((after_seconds) => ({ result: 'retry', after_seconds })));
});

test('what may have arrived is never sent again', () => {
	expect(settle({ type: 'lost', reason: 'no answer within 15 s' }, 1)).toMatchObject({
		result: 'unknown',
		error: { code: 'outcome_unknown', details: 'no answer within 15 s' }
	});
});

test('while nobody is there the whole channel waits, at most 15 seconds at a time', () => {
	const answers = [1, 2, 4, 100].map((tries) =>
		settle({ type: 'unreached', reason: 'ECONNREFUSED', nobody: true }, tries)
	);
	expect(answers).toMatchObject([1, 2, 8, 15].map((pause_seconds) => ({ result: 'retry', pause_seconds })));
});

test.each([130429, 80007, 4])('error %i makes the whole channel wait, and the message keeps its place', (code) => {
	const outcome = settle(refused(code, 429), 1);
	expect(outcome).toMatchObject({ result: 'retry', pause_seconds: expect.any(Number) });
	expect(settle(refused(131000, 500), 1)).not.toHaveProperty('pause_seconds');
});
