import Bell from '@lucide/svelte/icons/bell';
import Bot from '@lucide/svelte/icons/bot';
import Clock from '@lucide/svelte/icons/clock';
import CornerDownRight from '@lucide/svelte/icons/corner-down-right';
import DoorOpen from '@lucide/svelte/icons/door-open';
import FileText from '@lucide/svelte/icons/file-text';
import Flag from '@lucide/svelte/icons/flag';
import GitBranch from '@lucide/svelte/icons/git-branch';
import Globe from '@lucide/svelte/icons/globe';
import Headset from '@lucide/svelte/icons/headset';
import Image from '@lucide/svelte/icons/image';
import List from '@lucide/svelte/icons/list';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import MessageCircleQuestion from '@lucide/svelte/icons/message-circle-question-mark';
import Pencil from '@lucide/svelte/icons/pencil-line';
import Play from '@lucide/svelte/icons/play';
import Receipt from '@lucide/svelte/icons/receipt-text';
import Shuffle from '@lucide/svelte/icons/shuffle';
import SquareMousePointer from '@lucide/svelte/icons/square-mouse-pointer';
import Star from '@lucide/svelte/icons/star';
import TagIcon from '@lucide/svelte/icons/tag';
import Target from '@lucide/svelte/icons/target';
import Users from '@lucide/svelte/icons/users';
import type { Node, NodeType } from '@prosa/core/flows/nodes.ts';
import { PROBLEMS, type Problem } from '@prosa/core/flows/problems.ts';
import type { SgpAsk } from '@prosa/core/flows/sgp.ts';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** What blocks are about, in the order of the palette. */
export const kinds = {
	says: m.bot_kind_says,
	asks: m.bot_kind_asks,
	decides: m.bot_kind_decides,
	does: m.bot_kind_does,
	outside: m.bot_kind_outside
};
export type Kind = keyof typeof kinds;

interface Block {
	kind: Kind;
	label: () => string;
	text: () => string;
	icon: Component<{ size?: number; strokeWidth?: number }>;
}

/** Every block by its type, in the order of the palette. */
export const blocks: Record<NodeType, Block> = {
	start: { kind: 'says', label: m.bot_start, text: m.bot_start_text, icon: Play },
	message: { kind: 'says', label: m.bot_message, text: m.bot_message_text, icon: MessageCircle },
	media: { kind: 'says', label: m.bot_media, text: m.bot_media_text, icon: Image },
	template: { kind: 'says', label: m.bot_template, text: m.bot_template_text, icon: FileText },
	buttons: { kind: 'asks', label: m.bot_buttons, text: m.bot_buttons_text, icon: SquareMousePointer },
	list: { kind: 'asks', label: m.bot_list, text: m.bot_list_text, icon: List },
	question: { kind: 'asks', label: m.bot_question, text: m.bot_question_text, icon: MessageCircleQuestion },
	csat: { kind: 'asks', label: m.bot_csat, text: m.bot_csat_text, icon: Star },
	condition: { kind: 'decides', label: m.bot_condition, text: m.bot_condition_text, icon: GitBranch },
	hours: { kind: 'decides', label: m.bot_hours, text: m.bot_hours_text, icon: DoorOpen },
	split: { kind: 'decides', label: m.bot_split, text: m.bot_split_text, icon: Shuffle },
	wait: { kind: 'decides', label: m.bot_wait, text: m.bot_wait_text, icon: Clock },
	set: { kind: 'does', label: m.bot_set, text: m.bot_set_text, icon: Pencil },
	tag: { kind: 'does', label: m.bot_tag, text: m.bot_tag_text, icon: TagIcon },
	assign: { kind: 'does', label: m.bot_assign, text: m.bot_assign_text, icon: Users },
	lead: { kind: 'does', label: m.bot_lead, text: m.bot_lead_text, icon: Target },
	handover: { kind: 'does', label: m.bot_handover, text: m.bot_handover_text, icon: Headset },
	end: { kind: 'does', label: m.bot_end, text: m.bot_end_text, icon: Flag },
	flow: { kind: 'outside', label: m.bot_flow, text: m.bot_flow_text, icon: CornerDownRight },
	http: { kind: 'outside', label: m.bot_http, text: m.bot_http_text, icon: Globe },
	sgp: { kind: 'outside', label: m.bot_sgp, text: m.bot_sgp_text, icon: Receipt },
	webhook: { kind: 'outside', label: m.bot_webhook, text: m.bot_webhook_text, icon: Bell },
	ai: { kind: 'outside', label: m.bot_ai, text: m.bot_ai_text, icon: Bot }
};

/** What a block goes by: the name it was given, or its kind's. */
export const titleOf = (node: Node): string => node.name || blocks[node.type].label();

const ways: Record<string, () => string> = {
	next: m.bot_way_next,
	other: m.bot_way_other,
	invalid: m.bot_way_invalid,
	timeout: m.bot_way_timeout,
	else: m.bot_way_else,
	message: m.bot_way_message,
	error: m.bot_way_error,
	open: m.bot_way_open,
	closed: m.bot_way_closed,
	none: m.bot_way_none,
	several: m.bot_way_several,
	refused: m.bot_way_refused,
	online: m.bot_way_online,
	offline: m.bot_way_offline
};

/** What SGP may be asked. */
export const sgpAsks: Record<SgpAsk, () => string> = {
	customer: m.bot_sgp_customer,
	contracts: m.bot_sgp_contracts,
	invoices: m.bot_sgp_invoices,
	unblock: m.bot_sgp_unblock,
	connection: m.bot_sgp_connection
};

/** What a way out is called. */
export function wayName(node: Node, branch: string): string {
	const option = optionsOf(node).find(({ id }) => id === branch);
	if (option) return option.label.trim() || m.bot_way_unnamed();
	return ways[branch]?.() ?? branch;
}

function optionsOf(node: Node): readonly { id: string; label: string }[] {
	if (node.type === 'buttons') return node.options;
	if (node.type === 'list') return node.sections.flatMap(({ options }) => options);
	if (node.type === 'condition') return node.cases;
	return node.type === 'split' ? node.variants : [];
}

/** One line of what a block does. */
export function summaryOf(node: Node): string {
	switch (node.type) {
		case 'message':
		case 'buttons':
		case 'list':
		case 'question':
		case 'csat':
			return node.text;
		case 'handover':
			return node.text || node.note;
		case 'media':
			return node.caption || node.link || '';
		case 'set':
			return node.set.map(({ variable }) => variable).join(', ');
		case 'wait':
			return lasting(node.seconds);
		case 'http':
		case 'webhook':
			return node.url;
		case 'sgp':
			return sgpAsks[node.ask]();
		case 'ai':
			return node.prompt;
		case 'template':
			return node.template;
		case 'lead':
			return node.title;
		default:
			return '';
	}
}

/** How long, in the largest unit that says it exactly. */
export function lasting(seconds: number): string {
	const [unit, value] =
		seconds % 86_400 === 0
			? (['day', seconds / 86_400] as const)
			: seconds % 3_600 === 0
				? (['hour', seconds / 3_600] as const)
				: seconds % 60 === 0
					? (['minute', seconds / 60] as const)
					: (['second', seconds] as const);
	return new Intl.NumberFormat(getLocale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** What is wrong and what to do about it. */
export function problemText({ code, detail, limit }: Problem): string {
	const said = code === 'branch_missing' ? (ways[detail]?.() ?? detail) : detail;
	return PROBLEMS[code][getLocale()].replace('{detail}', () => said).replace('{limit}', String(limit ?? ''));
}
