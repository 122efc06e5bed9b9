import { ANSWERERS, CANNED, FOLLOWERS, MEMBERS, NONE, ROLES, type Reach, type TableRow } from './matrix.ts';

const ADMIN = { ...NONE, admin: 'all' } as const;

/** Each sees their own alone. */
const OWN = {
	...(Object.fromEntries(ROLES.map((role) => [role, [role]])) as unknown as Reach),
	analyst: 'none'
} as const;

const ACCOUNTANTS = { ...NONE, admin: 'all', supervisor: 'all', analyst: 'all' } as const;

/** Every table of `public`, with who sees and who writes what. */
export const TABLES: Record<string, TableRow> = {
	tenants: {
		label: 'id',
		sees: { ...MEMBERS, analyst: 'all' },
		updates: {
			columns: {
				name: 'Outro nome',
				locale: 'en',
				timezone: 'America/Manaus',
				agents_pick: 'false',
				send_read_receipts: 'false',
				push_shows: 'text'
			},
			who: ADMIN
		}
	},
	memberships: { label: 'user_id', sees: { ...MEMBERS, analyst: ['analyst'] } },
	roles: { label: 'tenant_id', sees: MEMBERS },
	invitations: { label: 'tenant_id', sees: ADMIN },
	teams: { label: 'id', sees: MEMBERS },
	team_members: { label: 'user_id', sees: MEMBERS },
	agent_skills: { label: 'user_id', sees: MEMBERS },
	agent_availability: { label: 'user_id', sees: MEMBERS },
	availability_periods: { label: 'user_id', sees: { ...NONE, admin: 'all', supervisor: 'all', agent: ['agent'] } },
	channels: {
		label: 'id',
		sees: MEMBERS,
		updates: { columns: { name: 'Outro nome', messages_per_second: '20' }, who: ADMIN }
	},
	channel_events: { label: 'channel_id', sees: MEMBERS },
	templates: { label: 'id', sees: MEMBERS },
	template_events: { label: 'template_id', sees: MEMBERS },
	template_syncs: { label: 'tenant_id', sees: MEMBERS },
	webhook_events: { label: 'channel_id', sees: ADMIN },
	webhook_replays: { label: 'tenant_id', sees: ADMIN },
	contacts: {
		label: 'id',
		sees: MEMBERS,
		updates: { columns: { name: 'Outro nome', attributes: '{"changed": true}' }, who: ANSWERERS }
	},
	tags: { label: 'tenant_id', sees: MEMBERS },
	leads: { label: 'contact_id', sees: MEMBERS },
	// One shared, the admin's, and one of everybody's own.
	saved_filters: {
		label: 'user_id',
		sees: {
			admin: ['admin'],
			supervisor: ['admin', 'supervisor'],
			agent: ['admin', 'agent'],
			teammate: ['admin', 'teammate'],
			viewer: ['admin', 'viewer'],
			analyst: 'none'
		}
	},
	participants: { label: 'conversation_id', sees: FOLLOWERS },
	mentions: { label: 'user_id', sees: OWN },
	scheduled_messages: { label: 'conversation_id', sees: FOLLOWERS },
	canned_responses: { label: 'id', sees: CANNED },
	canned_response_versions: { label: 'response_id', sees: CANNED },
	canned_response_variants: { label: 'response_id', sees: CANNED },
	canned_response_files: { label: 'response_id', sees: CANNED },
	canned_response_uses: { label: 'user_id', sees: OWN },
	consent_events: { label: 'contact_id', sees: MEMBERS },
	consents: { label: 'contact_id', sees: MEMBERS },
	contact_facts: { label: 'contact_id', sees: MEMBERS },
	contact_identities: { label: 'contact_id', sees: MEMBERS },
	contact_merges: { label: 'kept_id', sees: MEMBERS },
	conversations: { label: 'id', sees: FOLLOWERS },
	conversation_tags: { label: 'conversation_id', sees: FOLLOWERS },
	messages: { label: 'conversation_id', sees: FOLLOWERS },
	message_events: { label: 'message_id', sees: FOLLOWERS },
	message_translations: { label: 'message_id', sees: FOLLOWERS },
	conversation_summaries: { label: 'conversation_id', sees: FOLLOWERS },
	message_attempts: { label: 'message_id', sees: FOLLOWERS },
	flows: { label: 'id', sees: MEMBERS },
	flow_versions: { label: 'id', sees: MEMBERS },
	flow_triggers: { label: 'flow_id', sees: MEMBERS },
	tenant_modules: { label: 'id', sees: ADMIN },
	flow_variables: { label: 'tenant_id', sees: MEMBERS },
	flow_runs: { label: 'conversation_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	flow_steps: { label: 'flow_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	flow_counts: { label: 'flow_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	flow_replays: { label: 'flow_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	flow_replay_conversations: { label: 'conversation_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	flow_results: { label: 'conversation_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	ai_agents: { label: 'id', sees: MEMBERS },
	ai_agent_versions: { label: 'id', sees: MEMBERS },
	ai_documents: { label: 'id', sees: MEMBERS },
	ai_pieces: { label: 'document_id', sees: MEMBERS },
	ai_settings: { label: 'tenant_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	ai_calls: { label: 'conversation_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	ai_evaluation_cases: { label: 'id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	ai_evaluation_runs: { label: 'id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	ai_evaluation_results: { label: 'case_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	ai_trials: { label: 'agent_id', sees: ADMIN },
	ai_turns: { label: 'conversation_id', sees: FOLLOWERS },
	automation_rules: { label: 'id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	automation_runs: { label: 'conversation_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } },
	macros: {
		label: 'id',
		sees: {
			...NONE,
			admin: ['macro'],
			supervisor: ['macro'],
			agent: ['macro', 'own_macro'],
			teammate: ['macro'],
			viewer: ['macro']
		}
	},
	attribute_definitions: { label: 'tenant_id', sees: MEMBERS },
	notifications: { label: 'user_id', sees: OWN },
	notification_preferences: { label: 'user_id', sees: { ...OWN, analyst: ['analyst'] } },
	notification_settings: { label: 'user_id', sees: { ...OWN, analyst: ['analyst'] } },
	business_hours: { label: 'tenant_id', sees: { ...MEMBERS, analyst: 'all' } },
	holidays: { label: 'tenant_id', sees: { ...MEMBERS, analyst: 'all' } },
	charges: { label: 'conversation_id', sees: ACCOUNTANTS },
	audit_log: { label: 'tenant_id', sees: { ...NONE, admin: 'all', supervisor: 'all' } }
};
