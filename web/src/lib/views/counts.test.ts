import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Viewer } from '../inbox/sight.ts';
import { Counts, type Cell, type InboxCounts } from './counts.svelte.ts';

const start: InboxCounts = {
	mine: 1,
	unassigned: 3,
	all: 6,
	mentions: 0,
	snoozed: 0,
	spam: 0,
	closed: 2,
	teams: { sales: 2 }
};
const caio: Viewer = { me: 'caio', teamIds: ['sales'], seesAll: false, picks: true };
const nobodys: Cell = { folder: 'open', team_id: null, assignee_id: null };
const caios: Cell = { ...nobodys, assignee_id: 'caio' };
const dudas: Cell = { ...nobodys, assignee_id: 'duda' };
const ofSales: Cell = { ...nobodys, team_id: 'sales' };

function counting(viewer = caio, ask = () => Promise.resolve(start)) {
	const counts = new Counts(ask, viewer);
	counts.seed(start);
	return counts;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a conversation one takes leaves the queue and is counted among one’s own', () => {
	const counts = counting();
	counts.moved({ id: 'k', updated_at: '1', was: nobodys, now: caios });
	expect(counts.values).toMatchObject({ mine: 2, unassigned: 2, all: 6 });
});

test('one that comes by two topics counts once', () => {
	const counts = counting();
	for (let i = 0; i < 2; i++) counts.moved({ id: 'k', updated_at: '1', was: ofSales, now: caios });
	counts.moved({ id: 'k', updated_at: '1', was: ofSales, now: null });
	expect(counts.values).toMatchObject({ mine: 2, unassigned: 2, all: 6, teams: { sales: 1 } });
	expect(counts.values?.all).toBe(6);
});

test('what left one topic and came by another is counted whichever is heard first', () => {
	const counts = counting();
	counts.moved({ id: 'k', updated_at: '1', was: nobodys, now: null });
	counts.moved({ id: 'k', updated_at: '1', was: nobodys, now: ofSales });
	expect(counts.values).toMatchObject({ unassigned: 3, all: 6, teams: { sales: 3 } });
});

test('what went to somebody else’s hands is no longer counted, and what was theirs never was', () => {
	const counts = counting();
	counts.moved({ id: 'k', updated_at: '1', was: nobodys, now: dudas });
	expect(counts.values).toMatchObject({ unassigned: 2, all: 5 });
	counts.moved({ id: 'l', updated_at: '1', was: dudas, now: { ...dudas, folder: 'closed' } });
	expect(counts.values).toMatchObject({ all: 5, closed: 2 });
});

test('a new conversation and one put aside are counted where they stand', () => {
	const counts = counting({ ...caio, seesAll: true });
	counts.moved({ id: 'new', updated_at: '1', was: null, now: nobodys });
	counts.moved({ id: 'k', updated_at: '1', was: dudas, now: { ...dudas, folder: 'snoozed' } });
	expect(counts.values).toMatchObject({ all: 6, unassigned: 4, snoozed: 1 });
});

test('a thousand changes ask the database once, later', async () => {
	const ask = vi.fn(() => Promise.resolve({ ...start, all: 99 }));
	const counts = counting(caio, ask);
	for (let i = 0; i < 1_000; i++) counts.moved({ id: `k${i}`, updated_at: '1', was: nobodys, now: caios });
	await vi.advanceTimersByTimeAsync(15_000);
	expect(ask).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(30_000);
	expect(ask).toHaveBeenCalledOnce();
	expect(counts.values?.all).toBe(99);
});

test('five topics that join ask once', async () => {
	const ask = vi.fn(() => Promise.resolve(start));
	const counts = counting(caio, ask);
	for (let i = 0; i < 5; i++) counts.refresh();
	await vi.advanceTimersByTimeAsync(1_000);
	expect(ask).toHaveBeenCalledOnce();
});
