import Clock from '@lucide/svelte/icons/clock';
import Bell from '@lucide/svelte/icons/bell';
import Coins from '@lucide/svelte/icons/coins';
import LayoutTemplate from '@lucide/svelte/icons/layout-template';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Contact from '@lucide/svelte/icons/contact-round';
import KeyRound from '@lucide/svelte/icons/key-round';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListPlus from '@lucide/svelte/icons/list-plus';
import Plug from '@lucide/svelte/icons/plug';
import Sparkles from '@lucide/svelte/icons/sparkles';
import Smartphone from '@lucide/svelte/icons/smartphone';
import Users from '@lucide/svelte/icons/users';
import TagIcon from '@lucide/svelte/icons/tag';
import Webhook from '@lucide/svelte/icons/webhook';
import Workflow from '@lucide/svelte/icons/workflow';
import Zap from '@lucide/svelte/icons/zap';
import type { Permission } from '@prosa/core/permissions/permissions.ts';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';
import { may, type Place } from '#lib/workspace/context.ts';

/** Where the sections are. A new page adds its route. */
type SettingsRoute =
	| '/[workspace]/settings/first-steps'
	| '/[workspace]/settings/channels'
	| '/[workspace]/settings/members'
	| '/[workspace]/settings/roles'
	| '/[workspace]/settings/templates'
	| '/[workspace]/settings/macros'
	| '/[workspace]/settings/automation'
	| '/[workspace]/settings/attributes'
	| '/[workspace]/settings/teams'
	| '/[workspace]/settings/canned-responses'
	| '/[workspace]/settings/modules'
	| '/[workspace]/settings/ai'
	| '/[workspace]/settings/webhooks'
	| '/[workspace]/settings/costs'
	| '/[workspace]/settings/tags'
	| '/[workspace]/settings/hours'
	| '/[workspace]/settings/conversations'
	| '/[workspace]/settings/notifications';

/** One page of the settings, or one tree of them. */
export interface Section {
	/** The folder under `settings/`. */
	id: string;
	group: 'channels' | 'service' | 'people' | 'own';
	label: () => string;
	icon: Component<{ size?: number; strokeWidth?: number }>;
	/** Who sees it. The database decides what they may do there. */
	permission: Permission;
	route: SettingsRoute;
	/** Where it is not always there. */
	when?: (place: Place) => boolean;
}

/** What the sections are about, in the order they stand in. */
export const groups = [
	['channels', m.settings_group_channels],
	['service', m.settings_group_service],
	['people', m.settings_group_people],
	['own', m.settings_group_own]
] as const;

/** Every section, in the order they stand in. A new page adds its line here. */
export const sections: Section[] = [
	{
		id: 'first-steps',
		group: 'channels',
		label: m.first_title,
		icon: ListChecks,
		permission: 'tenant.manage',
		route: '/[workspace]/settings/first-steps',
		when: ({ workspace }) => workspace.setting_up
	},
	{
		id: 'channels',
		group: 'channels',
		label: m.settings_channels,
		icon: Smartphone,
		permission: 'channels.read',
		route: '/[workspace]/settings/channels'
	},
	{
		id: 'templates',
		group: 'channels',
		label: m.settings_templates,
		icon: LayoutTemplate,
		permission: 'templates.read',
		route: '/[workspace]/settings/templates'
	},
	{
		id: 'modules',
		group: 'channels',
		label: m.settings_modules,
		icon: Plug,
		permission: 'modules.manage',
		route: '/[workspace]/settings/modules'
	},
	{
		id: 'webhooks',
		group: 'channels',
		label: m.settings_webhooks,
		icon: Webhook,
		permission: 'webhooks.read',
		route: '/[workspace]/settings/webhooks'
	},
	{
		id: 'costs',
		group: 'channels',
		label: m.settings_costs,
		icon: Coins,
		permission: 'costs.read',
		route: '/[workspace]/settings/costs'
	},
	{
		id: 'hours',
		group: 'service',
		label: m.settings_hours,
		icon: Clock,
		permission: 'tenant.read',
		route: '/[workspace]/settings/hours'
	},
	{
		id: 'tags',
		group: 'service',
		label: m.settings_tags,
		icon: TagIcon,
		permission: 'conversations.read',
		route: '/[workspace]/settings/tags'
	},
	{
		id: 'attributes',
		group: 'service',
		label: m.settings_attributes,
		icon: ListPlus,
		permission: 'attributes.manage',
		route: '/[workspace]/settings/attributes'
	},
	{
		id: 'canned-responses',
		group: 'service',
		label: m.settings_canned,
		icon: Zap,
		permission: 'conversations.read',
		route: '/[workspace]/settings/canned-responses'
	},
	{
		id: 'macros',
		group: 'service',
		label: m.settings_macros,
		icon: Zap,
		permission: 'conversations.reply',
		route: '/[workspace]/settings/macros'
	},
	{
		id: 'automation',
		group: 'service',
		label: m.settings_automation,
		icon: Workflow,
		permission: 'automation.manage',
		route: '/[workspace]/settings/automation'
	},
	{
		id: 'ai',
		group: 'service',
		label: m.settings_ai,
		icon: Sparkles,
		permission: 'ai.read',
		route: '/[workspace]/settings/ai'
	},
	{
		id: 'conversations',
		group: 'service',
		label: m.settings_conversations,
		icon: MessagesSquare,
		permission: 'tenant.read',
		route: '/[workspace]/settings/conversations'
	},
	{
		id: 'members',
		group: 'people',
		label: m.settings_members,
		icon: Contact,
		permission: 'members.read',
		route: '/[workspace]/settings/members'
	},
	{
		id: 'roles',
		group: 'people',
		label: m.settings_roles,
		icon: KeyRound,
		permission: 'members.read',
		route: '/[workspace]/settings/roles'
	},
	{
		id: 'teams',
		group: 'people',
		label: m.settings_teams,
		icon: Users,
		permission: 'teams.manage',
		route: '/[workspace]/settings/teams'
	},
	{
		id: 'notifications',
		group: 'own',
		label: m.settings_notifications,
		icon: Bell,
		permission: 'conversations.read',
		route: '/[workspace]/settings/notifications'
	}
];

/** The sections a person may open, none for somebody who may open none: then the settings are not shown at all. */
export function sectionsFor(place: Place): Section[] {
	return sections.filter(({ permission, when }) => may(place, permission) && (when?.(place) ?? true));
}
