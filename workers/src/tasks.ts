import type { TaskList } from 'graphile-worker';
import type { AiDeps } from './ai/provider.ts';
import { aiCallsTidy, aiIndex } from './tasks/ai__turn.ts';
import { automationRunsPurge, automationRunWaiting } from './tasks/automation__run_waiting.ts';
import { availabilityExpire } from './tasks/availability__expire.ts';
import { awayTell } from './tasks/away__tell.ts';
import { channelsCheck, type CheckDeps } from './tasks/channels__check.ts';
import { conversationWake, conversationsWake } from './tasks/conversation__wake.ts';
import { digestsCompose, digestSend, type DigestDeps } from './tasks/digest__send.ts';
import { earlyEventsPurge } from './tasks/early_events__purge.ts';
import { flowCountsFold } from './tasks/flow_counts__fold.ts';
import { flowReplayRun } from './tasks/flow_replay__run.ts';
import { flowAdvance, flowRunsPurge, flowsSchedule, flowsWake } from './tasks/flow__advance.ts';
import { invitationSend, type InvitationDeps } from './tasks/invitation__send.ts';
import { inboxCountsFold } from './tasks/inbox_counts__fold.ts';
import { messageExpireUnknown } from './tasks/message__expire_unknown.ts';
import { moduleTest, type ModuleTestDeps } from './tasks/module__test.ts';
import { notificationsPurge } from './tasks/notifications__purge.ts';
import { outboxDrain, type SendDeps } from './tasks/outbox__drain.ts';
import { partitionsMakeAhead } from './tasks/partitions__make_ahead.ts';
import { promisesTell } from './tasks/promises__tell.ts';
import { pushSend, type PushDeps } from './tasks/push__send.ts';
import { receiptSend, type ReceiptDeps } from './tasks/receipt__send.ts';
import { scheduledMessageSend, scheduledMessagesSend } from './tasks/scheduled_message__send.ts';
import { secretsRotate } from './tasks/secrets__rotate.ts';
import { webhookEventApply } from './tasks/webhook_event__apply.ts';
import { webhookEventReparse } from './tasks/webhook_event__reparse.ts';
import { sendingLimitsPurge } from './tasks/sending_limits__purge.ts';
import { tagRetire } from './tasks/tag__retire.ts';
import { teamRoute } from './tasks/team__route.ts';
import { templateDelete } from './tasks/template__delete.ts';
import { templatesSync } from './tasks/templates__sync.ts';
import { templateSubmit } from './tasks/template__submit.ts';
import { webhookEventRetry } from './tasks/webhook_event__retry.ts';
import { webhookEventsClaim } from './tasks/webhook_events__claim.ts';
import { webhookEventsPurge } from './tasks/webhook_events__purge.ts';
import { webhookEventsReplay } from './tasks/webhook_events__replay.ts';
import type { TemplateDeps } from './templates/deps.ts';

/** Every task this worker does, under the name its jobs carry. */
export function createTasks(
	deps: SendDeps &
		CheckDeps &
		ReceiptDeps &
		TemplateDeps &
		PushDeps &
		InvitationDeps &
		DigestDeps &
		AiDeps &
		ModuleTestDeps
): TaskList {
	return {
		ai__index: aiIndex(deps),
		ai_calls__tidy: aiCallsTidy(deps),
		automation__run_waiting: automationRunWaiting(deps),
		automation_runs__purge: automationRunsPurge(deps),
		availability__expire: availabilityExpire(deps),
		away__tell: awayTell(deps),
		digest__send: digestSend(deps),
		digests__compose: digestsCompose(deps),
		early_events__purge: earlyEventsPurge(deps),
		flow_counts__fold: flowCountsFold(deps),
		flow_replay__run: flowReplayRun(deps),
		flow_runs__purge: flowRunsPurge(deps),
		flow__advance: flowAdvance(deps),
		flows__schedule: flowsSchedule(deps),
		flows__wake: flowsWake(deps),
		conversation__wake: conversationWake(deps),
		conversations__wake: conversationsWake(deps),
		inbox_counts__fold: inboxCountsFold(deps),
		outbox__drain: outboxDrain(deps),
		sending_limits__purge: sendingLimitsPurge(deps),
		invitation__send: invitationSend(deps),
		module__test: moduleTest(deps),
		message__expire_unknown: messageExpireUnknown(deps),
		notifications__purge: notificationsPurge(deps),
		promises__tell: promisesTell(deps),
		push__send: pushSend(deps),
		receipt__send: receiptSend(deps),
		channels__check: channelsCheck(deps),
		scheduled_message__send: scheduledMessageSend(deps),
		scheduled_messages__send: scheduledMessagesSend(deps),
		secrets__rotate: secretsRotate(deps),
		webhook_event__apply: webhookEventApply(deps),
		webhook_event__reparse: webhookEventReparse(deps),
		webhook_events__claim: webhookEventsClaim(deps),
		webhook_events__replay: webhookEventsReplay(deps),
		tag__retire: tagRetire(deps),
		team__route: teamRoute(deps),
		template__delete: templateDelete(deps),
		template__submit: templateSubmit(deps),
		templates__sync: templatesSync(deps),
		webhook_event__retry: webhookEventRetry(deps),
		webhook_events__purge: webhookEventsPurge(deps),
		partitions__make_ahead: partitionsMakeAhead(deps)
	};
}
