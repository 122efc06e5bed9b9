import Clock from '@lucide/svelte/icons/clock';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Smartphone from '@lucide/svelte/icons/smartphone';
import UserPlus from '@lucide/svelte/icons/user-plus';
import Users from '@lucide/svelte/icons/users';
import Zap from '@lucide/svelte/icons/zap';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';

type StepRoute =
	| '/[workspace]/settings/channels/connect'
	| '/[workspace]/settings/members'
	| '/[workspace]/settings/teams'
	| '/[workspace]/settings/hours'
	| '/[workspace]/settings/canned-responses'
	| '/[workspace]/inbox/[[conversation]]';

export interface Step {
	/** As the database names it (sql/13_first_steps.sql). */
	id: string;
	icon: Component<{ size?: number; strokeWidth?: number }>;
	title: () => string;
	text: () => string;
	/** What the way there is called. */
	way: () => string;
	route: StepRoute;
	/** Opens the thing itself, not only its page. */
	query?: string;
}

/** What a new company does first, in the order it is best done. */
export const steps: Step[] = [
	{
		id: 'channel',
		icon: Smartphone,
		title: m.first_channel,
		text: m.first_channel_text,
		way: m.first_channel_way,
		route: '/[workspace]/settings/channels/connect'
	},
	{
		id: 'people',
		icon: UserPlus,
		title: m.first_people,
		text: m.first_people_text,
		way: m.first_people_way,
		route: '/[workspace]/settings/members',
		query: '?invite=yes'
	},
	{
		id: 'team',
		icon: Users,
		title: m.first_team,
		text: m.first_team_text,
		way: m.first_team_way,
		route: '/[workspace]/settings/teams'
	},
	{
		id: 'hours',
		icon: Clock,
		title: m.first_hours,
		text: m.first_hours_text,
		way: m.first_hours_way,
		route: '/[workspace]/settings/hours'
	},
	{
		id: 'canned',
		icon: Zap,
		title: m.first_canned,
		text: m.first_canned_text,
		way: m.first_canned_way,
		route: '/[workspace]/settings/canned-responses'
	},
	{
		id: 'answer',
		icon: MessageCircle,
		title: m.first_answer,
		text: m.first_answer_text,
		way: m.first_answer_way,
		route: '/[workspace]/inbox/[[conversation]]'
	}
];
