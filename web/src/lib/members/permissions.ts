import type { Permission } from '@prosa/core/permissions/permissions.ts';
import { m } from '#lib/paraglide/messages.js';

/** Permissions by what they are about, in the order one thinks of them. A test sees that each stands here once. */
export const subjects: { id: string; title: () => string; permissions: { name: Permission; text: () => string }[] }[] =
	[
		{
			id: 'conversations',
			title: m.perm_conversations,
			permissions: [
				{ name: 'conversations.read', text: m.perm_conversations_read },
				{ name: 'conversations.read_all', text: m.perm_conversations_read_all },
				{ name: 'conversations.pick', text: m.perm_conversations_pick },
				{ name: 'conversations.reply', text: m.perm_conversations_reply },
				{ name: 'conversations.assign', text: m.perm_conversations_assign },
				{ name: 'conversations.close', text: m.perm_conversations_close },
				{ name: 'conversations.merge', text: m.perm_conversations_merge }
			]
		},
		{
			id: 'contacts',
			title: m.perm_contacts,
			permissions: [
				{ name: 'contacts.read', text: m.perm_contacts_read },
				{ name: 'contacts.write', text: m.perm_contacts_write },
				{ name: 'contacts.merge', text: m.perm_contacts_merge }
			]
		},
		{
			id: 'work',
			title: m.perm_work,
			permissions: [
				{ name: 'tags.manage', text: m.perm_tags_manage },
				{ name: 'attributes.manage', text: m.perm_attributes_manage },
				{ name: 'filters.share', text: m.perm_filters_share },
				{ name: 'macros.share', text: m.perm_macros_share },
				{ name: 'canned_responses.manage', text: m.perm_canned_responses_manage },
				{ name: 'automation.manage', text: m.perm_automation_manage },
				{ name: 'flows.read', text: m.perm_flows_read },
				{ name: 'flows.manage', text: m.perm_flows_manage },
				{ name: 'ai.read', text: m.perm_ai_read },
				{ name: 'ai.manage', text: m.perm_ai_manage },
				{ name: 'ai.assist', text: m.perm_ai_assist },
				{ name: 'templates.read', text: m.perm_templates_read },
				{ name: 'templates.manage', text: m.perm_templates_manage }
			]
		},
		{
			id: 'people',
			title: m.perm_people,
			permissions: [
				{ name: 'members.read', text: m.perm_members_read },
				{ name: 'members.manage', text: m.perm_members_manage },
				{ name: 'roles.manage', text: m.perm_roles_manage },
				{ name: 'teams.manage', text: m.perm_teams_manage },
				{ name: 'availability.manage', text: m.perm_availability_manage },
				{ name: 'hours.manage', text: m.perm_hours_manage }
			]
		},
		{
			id: 'company',
			title: m.perm_company,
			permissions: [
				{ name: 'tenant.read', text: m.perm_tenant_read },
				{ name: 'tenant.manage', text: m.perm_tenant_manage },
				{ name: 'channels.read', text: m.perm_channels_read },
				{ name: 'channels.manage', text: m.perm_channels_manage },
				{ name: 'modules.manage', text: m.perm_modules_manage },
				{ name: 'webhooks.read', text: m.perm_webhooks_read },
				{ name: 'costs.read', text: m.perm_costs_read },
				{ name: 'reports.read', text: m.perm_reports_read },
				{ name: 'audit.read', text: m.perm_audit_read }
			]
		}
	];
