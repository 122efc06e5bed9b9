import type { TaskList } from 'graphile-worker';
import { earlyEventsPurge } from './tasks/early_events__purge.ts';
import { messageExpireUnknown } from './tasks/message__expire_unknown.ts';
import { messageSend, type SendDeps } from './tasks/message__send.ts';
import { partitionsMakeAhead } from './tasks/partitions__make_ahead.ts';
import { webhookEventRetry } from './tasks/webhook_event__retry.ts';
import { webhookEventsPurge } from './tasks/webhook_events__purge.ts';

/** Every task this worker does, under the name its jobs carry. */
export function createTasks(deps: SendDeps): TaskList {
	return {
		early_events__purge: earlyEventsPurge(deps),
		message__send: messageSend(deps),
		message__expire_unknown: messageExpireUnknown(deps),
		webhook_event__retry: webhookEventRetry(deps),
		webhook_events__purge: webhookEventsPurge(deps),
		partitions__make_ahead: partitionsMakeAhead(deps)
	};
}
