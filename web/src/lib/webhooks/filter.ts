import type { Query } from './queries.ts';

export const statusViews = ['open', 'failed', 'unclaimed', 'pending', 'processed'] as const;
export type StatusView = (typeof statusViews)[number];
export const spans = ['1h', '24h', '7d', 'all'] as const;
export type Span = (typeof spans)[number];

/** What the page is asked to show; it stands in the address, so that it can be sent and survives going back. */
export interface Filter {
	status: StatusView;
	span: Span;
	channel: string | null;
	error: string;
}

const HOURS: Record<Span, number | null> = { '1h': 1, '24h': 24, '7d': 168, all: null };
const oneOf = <Value extends string>(values: readonly Value[], text: string | null, otherwise: Value): Value =>
	values.find((value) => value === text) ?? otherwise;

export function readFilter(params: URLSearchParams): Filter {
	return {
		status: oneOf(statusViews, params.get('status'), 'open'),
		span: oneOf(spans, params.get('span'), 'all'),
		channel: params.get('channel'),
		error: params.get('error') ?? ''
	};
}

export function writeFilter({ status, span, channel, error }: Filter): `?${string}` | '' {
	const params = new URLSearchParams();
	if (status !== 'open') params.set('status', status);
	if (span !== 'all') params.set('span', span);
	if (channel) params.set('channel', channel);
	if (error) params.set('error', error);
	return params.size > 0 ? `?${params.toString()}` : '';
}

/** The same filter, as the database takes it. */
export function queryOf(filter: Filter, tenantId: string, now: number): Query {
	const hours = HOURS[filter.span];
	return {
		tenant_id: tenantId,
		statuses: filter.status === 'open' ? ['failed', 'unclaimed', 'pending'] : [filter.status],
		...(hours === null ? {} : { since: new Date(now - hours * 3_600_000).toISOString() }),
		...(filter.channel ? { of_channel: filter.channel } : {}),
		...(filter.error.trim() ? { with_error: filter.error.trim() } : {})
	};
}
