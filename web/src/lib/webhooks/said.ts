import { webhookFault } from '@prosa/core/whatsapp/webhook_faults.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { StatusView } from './filter.ts';
import type { WebhookRow } from './queries.ts';

export const statusNames: Record<StatusView, () => string> = {
	open: m.webhook_open,
	failed: m.webhook_failed,
	unclaimed: m.webhook_unclaimed,
	pending: m.webhook_pending,
	processed: m.webhook_processed
};

/** One sentence on what became of a body, and what to do where something is to be done. */
export function outcome({
	status,
	error,
	left_to_apply = 0
}: {
	status: WebhookRow['status'];
	error: string | null;
	left_to_apply?: number;
}): string {
	if (status === 'unclaimed') return m.webhook_unclaimed_text();
	if (status === 'pending') return m.webhook_pending_text({ count: left_to_apply });
	if (status === 'failed') return webhookFault(error ?? '', getLocale());
	return m.webhook_processed_text();
}
