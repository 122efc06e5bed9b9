import { expect, test } from 'vitest';
import { queryOf, readFilter, writeFilter } from './filter.ts';

test('a filter survives its address, and nonsense in an address is no filter', () => {
	const filter = { status: 'failed', span: '24h', channel: 'c', error: '23514' } as const;
	expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
	expect(readFilter(new URLSearchParams('status=x&span=y'))).toEqual({
		status: 'open',
		span: 'all',
		channel: null,
		error: ''
	});
});

test('what needs somebody is what failed, waits or belongs to nobody yet', () => {
	const now = Date.parse('2026-11-21T12:00:00Z');
	expect(queryOf(readFilter(new URLSearchParams('span=1h')), 't', now)).toEqual({
		tenant_id: 't',
		statuses: ['failed', 'unclaimed', 'pending'],
		since: '2026-11-21T11:00:00.000Z'
	});
});
