import { contentOf } from './content.ts';
import type { Line } from './dialogue.ts';
import type { Random } from './random.ts';
import type { ConversationRow, MessageEventRow, MessageRow } from './rows.ts';

export interface Agent {
	id: string;
	name: string;
}

/** What is decided about a conversation before it is written. */
export interface ThreadPlan {
	tenant_id: string;
	channel_id: string;
	contact: { id: string; name: string };
	lines: Line[];
	/** When the last line is said. */
	endsAt: Date;
	status: 'open' | 'closed';
	assignee: Agent | null;
	team_id: string | null;
	/** Who answers, also where nobody is assigned in the end. */
	speaker: Agent;
	/** Whether somebody has looked at what came last. */
	seen: boolean;
	/** The last answer came back undeliverable. */
	failed?: boolean;
}

export interface Thread {
	conversation: ConversationRow;
	messages: MessageRow[];
	events: MessageEventRow[];
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const UNDELIVERABLE = { code: 131026, title: 'Message undeliverable', details: 'Message Undeliverable.' };

/** Writes one conversation out: its messages with their times and statuses, and the counters that follow from them. */
export function writeThread(plan: ThreadPlan, random: Random): Thread {
	const id = random.uuid();
	const { tenant_id, channel_id, contact } = plan;
	const times = timesOf(plan.lines, plan.endsAt, random);
	const messages: MessageRow[] = [];

	plan.lines.forEach((line, index) => {
		const before = messages[index - 1];
		const at = times[index] ?? plan.endsAt;
		const text = fill(line.text, contact.name, plan.speaker.name);
		const { content, body } = contentOf(line, text, random);
		const out = line.direction === 'out';
		const failed = out && plan.failed === true && index === plan.lines.length - 1;
		messages.push({
			id: random.uuid(),
			tenant_id,
			conversation_id: id,
			contact_id: contact.id,
			channel_id,
			seq: index + 1,
			direction: line.direction,
			author: out ? 'agent' : 'contact',
			author_id: out ? plan.speaker.id : null,
			kind: line.kind,
			content,
			media: null,
			body,
			external_id: random.wamid(),
			client_id: out ? random.uuid() : null,
			target_external_id: line.quotes || line.kind === 'reaction' ? (before?.external_id ?? null) : null,
			quoted_message_id: line.quotes ? (before?.id ?? null) : null,
			status: out ? (failed ? 'failed' : statusOf(plan.lines, index, random)) : 'received',
			error: failed ? UNDELIVERABLE : null,
			counts_unread: !out && line.kind !== 'reaction',
			sent_at: at,
			created_at: at,
			updated_at: at
		});
	});

	return { conversation: summarize(id, plan, messages), messages, events: messages.flatMap(eventsOf) };
}

/** Backwards from the end: people answer within minutes, sometimes after lunch. */
function timesOf(lines: Line[], endsAt: Date, random: Random): Date[] {
	const times: Date[] = [];
	let at = endsAt.getTime();
	for (let index = lines.length - 1; index >= 0; index--) {
		times[index] = new Date(at);
		const turn = lines[index]?.direction !== lines[index - 1]?.direction;
		at -= turn ? random.between(25, random.chance(0.1) ? 5_400 : 420) * SECOND : random.between(4, 50) * SECOND;
	}
	return times;
}

function fill(text: string, contact: string, agent: string): string {
	const first = (name: string) =>
		name.startsWith('Seu ') ? name.split(' ').slice(0, 2).join(' ') : (name.split(' ')[0] ?? name);
	return text.replaceAll('{nome}', first(contact)).replaceAll('{agente}', first(agent));
}

/** Whoever has answered since has read it; the newest may still be on its way. */
function statusOf(lines: Line[], index: number, random: Random): MessageRow['status'] {
	if (lines.slice(index + 1).some(({ direction }) => direction === 'in')) return 'read';
	return random.pick(['read', 'read', 'delivered', 'delivered', 'sent'] as const);
}

function summarize(id: string, plan: ThreadPlan, messages: MessageRow[]): ConversationRow {
	const last = messages.at(-1);
	const first = messages[0];
	const inbound = messages.filter(({ direction }) => direction === 'in');
	const lastInbound = inbound.at(-1);
	if (!first || !last || !lastInbound) throw new Error('a conversation needs a message of its customer');

	const lastOut = messages.findLast(({ direction }) => direction === 'out');
	const unanswered = inbound.filter(({ seq, counts_unread }) => counts_unread && seq > (lastOut?.seq ?? 0));
	const closed = plan.status === 'closed';
	const readSeq = plan.seen || closed ? last.seq : (lastOut?.seq ?? 0);
	const closedAt = closed ? new Date(last.created_at.getTime() + 180 * SECOND) : null;
	return {
		id,
		tenant_id: plan.tenant_id,
		contact_id: plan.contact.id,
		channel_id: plan.channel_id,
		team_id: plan.team_id,
		assignee_id: plan.assignee?.id ?? null,
		status: plan.status,
		last_seq: last.seq,
		read_seq: readSeq,
		unread_count: inbound.filter(({ seq, counts_unread }) => counts_unread && seq > readSeq).length,
		preview: last.body.slice(0, 200),
		preview_kind: last.kind,
		preview_direction: last.direction,
		preview_at: last.sent_at,
		last_message_at: last.created_at,
		last_inbound_at: lastInbound.created_at,
		waiting_since: closed ? null : (unanswered[0]?.created_at ?? null),
		window_expires_at: new Date(lastInbound.sent_at.getTime() + 24 * HOUR),
		closed_at: closedAt,
		created_at: first.created_at,
		updated_at: closedAt ?? last.created_at
	};
}

/** The statuses Meta told of an answer, up to the one it has. */
function eventsOf({ tenant_id, id, direction, status, created_at }: MessageRow): MessageEventRow[] {
	if (direction === 'in') return [];
	const reached =
		status === 'failed'
			? ['failed']
			: ['sent', 'delivered', 'read'].slice(0, ['sent', 'delivered', 'read'].indexOf(status) + 1);
	return reached.map((type, index) => {
		const at = new Date(created_at.getTime() + (1 + index * 3) * SECOND);
		return { tenant_id, message_id: id, message_created_at: created_at, type, occurred_at: at, created_at: at };
	});
}
