import { ANSWERERS, ANSWERING_FOLLOWERS, FOLLOWERS, MEMBERS, NONE, THREADS, type FunctionRow } from './matrix.ts';

const ADMIN = { ...NONE, admin: 'all' } as const;
const MANAGER = { ...NONE, admin: 'all', supervisor: 'all' } as const;
const ANALYST = { ...MEMBERS, analyst: 'all' } as const;
/** Whoever sees costs, and whoever belongs to the company but doesn't. */
const ACCOUNTANTS = { ...NONE, admin: 'all', supervisor: 'all', analyst: 'all' } as const;
const NO_ACCOUNTANTS = { ...NONE, agent: 'all', teammate: 'all', viewer: 'all' } as const;
const VIEWER = { ...NONE, viewer: 'all' } as const;

/** What is done to a conversation: by whoever follows it and may answer. */
const onConversation = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: THREADS,
	does: ANSWERING_FOLLOWERS,
	mayNot: VIEWER,
	hidden: 'conversation_not_found'
});

/** Rows of a conversation, for whoever follows it: the others find none, which is told by dividing by their number. */
const ofFollowers = (rows: FunctionRow['call']): FunctionRow => ({
	call: (id) => `select 1 / count(*) from ${rows(id)}`,
	on: THREADS,
	does: FOLLOWERS,
	mayNot: NONE,
	hidden: 'division by zero'
});

/** What is done to a template: by whoever manages them. */
const onTemplate = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['template'],
	does: MANAGER,
	mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
	hidden: 'template_not_found'
});

/** What is done to a shared filter: by whoever shares filters. */
const onFilter = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['filter'],
	does: MANAGER,
	mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
	hidden: 'filter_not_found'
});

/** What is done to the supervisor's note: by them; the others who follow the thread are told no. */
const onNote = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: THREADS,
	does: { ...NONE, supervisor: 'all' },
	mayNot: { ...FOLLOWERS, supervisor: 'none' },
	hidden: 'message_not_found'
});

/** What is done with a company's tags: by its leaders; its other people who see tags are told no. */
const ofTags = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['tenant'],
	does: MANAGER,
	mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
	hidden: 'tenant_not_found'
});

/** What is done to a message that waits for its time: by whoever follows the conversation and may answer. */
const onScheduled = (call: FunctionRow['call']): FunctionRow => ({
	...onConversation(call),
	hidden: 'scheduled_message_not_found'
});

/** What is done to everybody's canned response: by whoever manages them. */
const onCanned = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['canned'],
	does: MANAGER,
	mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
	hidden: 'canned_response_not_found'
});
/** What is written of a contact: by whoever answers; a viewer is told no. */
const onContact = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['agent', 'supervisor'],
	does: ANSWERERS,
	mayNot: VIEWER,
	hidden: 'contact_not_found'
});

const LEADERS = { ...NONE, admin: 'all', supervisor: 'all' } as const;
const FOLLOWING = { ...NONE, agent: 'all', teammate: 'all', viewer: 'all' } as const;
/** What is done to a channel: by whoever manages channels; everybody else who sees it is told no. */
const onChannel = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['channel'],
	does: ADMIN,
	mayNot: { ...MEMBERS, admin: 'none' },
	hidden: 'channel_not_found'
});

/** What is done to an integration: by admins; to all others there is none. */
const onModule = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['module'],
	does: ADMIN,
	mayNot: NONE,
	hidden: 'module_not_found'
});

/** What is done in a company by its admins; its other people are told no. */
const ofTenant = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['tenant'],
	does: ADMIN,
	mayNot: { ...ANALYST, admin: 'none' },
	hidden: 'tenant_not_found'
});

/** What is done to a flow: by whoever draws them; those who see it are told no. */
const onFlow = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['flow'],
	does: MANAGER,
	mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
	hidden: 'flow_not_found'
});

/** What is done to an AI agent: by whoever sets them up; those who see it are told no. */
const onAgent = (call: FunctionRow['call']): FunctionRow => ({
	...onFlow(call),
	on: ['ai_agent'],
	hidden: 'ai_agent_not_found'
});

/** What is asked about a company's AI: by whoever sees its agents. */
const reads = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['tenant'],
	does: MEMBERS,
	mayNot: { ...NONE, analyst: 'all' },
	hidden: 'tenant_not_found'
});

/** What is done to a rule: nobody but who manages rules knows that it exists. */
const onRule = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['rule'],
	does: MANAGER,
	mayNot: NONE,
	hidden: 'rule_not_found'
});

/** What is set in a company by its admins and supervisors; its other people are told no. */
const managedBy = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['tenant'],
	does: MANAGER,
	mayNot: { ...ANALYST, admin: 'none', supervisor: 'none' },
	hidden: 'tenant_not_found'
});

/** What anybody of a company does for themselves there. */
const ofMember = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['tenant'],
	does: ANALYST,
	mayNot: NONE,
	hidden: 'tenant_not_found'
});

/** What is done in a company by its admins and supervisors. */
const ofSupervisors = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['tenant'],
	does: MANAGER,
	mayNot: { ...ANALYST, admin: 'none', supervisor: 'none' },
	hidden: 'tenant_not_found'
});

/** What is done to a team: by whoever manages teams. */
const onTeam = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['team'],
	does: MANAGER,
	mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
	hidden: 'team_not_found'
});

/** What is done to a raw webhook: nobody but an admin knows that it exists. */
const onWebhook = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['webhook'],
	does: ADMIN,
	mayNot: NONE,
	hidden: 'webhook_event_not_found'
});

/** What everybody does with what is theirs alone, with a company or without. */
const own = (call: FunctionRow['call'], says = 'done'): FunctionRow => ({
	call,
	on: ['tenant'],
	does: NONE,
	mayNot: NONE,
	hidden: says
});

/** What is done to an invitation: nobody but an admin knows that it exists. */
const onInvitation = (call: FunctionRow['call']): FunctionRow => ({
	call,
	on: ['invitation'],
	does: ADMIN,
	mayNot: NONE,
	hidden: 'invitation_not_found'
});

/** Every function of `public`. */
export const FUNCTIONS: Record<string, FunctionRow> = {
	my_workspaces: {
		call: (id) => `select 1 / count(*) from public.my_workspaces() where tenant_id = '${id('tenant')}'`,
		on: ['tenant'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'division by zero'
	},
	inbox_counts: {
		call: (id) => `select public.inbox_counts('${id('tenant')}')`,
		on: ['tenant'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	save_filter: {
		call: (id) =>
			`select public.save_filter('${id('tenant')}', null, '{"name": "Urgentes", "is_shared": true, "conditions": {"match": "all", "rules": []}}')`,
		on: ['tenant'],
		does: MANAGER,
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'tenant_not_found'
	},
	order_filters: onFilter((id) => `select public.order_filters(array['${id('filter')}']::uuid[])`),
	delete_filter: onFilter((id) => `select public.delete_filter('${id('filter')}')`),
	save_role: ofTenant((id) => `select public.save_role('${id('tenant')}', null, 'Caixa', '', '{contacts.read}')`),
	delete_role: ofTenant((id) => `select public.delete_role('${id('tenant')}', '${id('role')}')`),
	change_member_role: ofTenant(
		(id) => `select public.change_member_role('${id('tenant')}', '${id('viewer')}', 'agent', null)`
	),
	remove_member: ofTenant((id) => `select public.remove_member('${id('tenant')}', '${id('viewer')}', null)`),
	deactivate_member: ofTenant(
		(id) => `select public.deactivate_member('${id('tenant')}', '${id('agent')}', '${id('teammate')}')`
	),
	reactivate_member: ofTenant((id) => `select public.reactivate_member('${id('tenant')}', '${id('viewer')}')`),
	list_members: ofTenant((id) => `select public.list_members('${id('tenant')}')`),
	rename_me: {
		call: (id) => `select public.rename_me('${id('tenant')}', 'Outro nome')`,
		on: ['tenant'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	// Nobody of the matrix has shown a second factor.
	require_second_factor: {
		call: (id) => `select public.require_second_factor('${id('tenant')}', false)`,
		on: ['tenant'],
		does: NONE,
		mayNot: { ...ANALYST, admin: 'none' },
		hidden: 'tenant_not_found',
		otherwise: { who: ADMIN, says: 'mfa_first' }
	},
	invite_members: ofTenant(
		(id) => `select public.invite_members('${id('tenant')}', '{outra@exemplo.test}', 'agent', null)`
	),
	resend_invitation: onInvitation((id) => `select public.resend_invitation('${id('invitation')}')`),
	revoke_invitation: onInvitation((id) => `select public.revoke_invitation('${id('invitation')}')`),
	// Whoever has the link and an account learns whose workspace it is: the address decides about the rest.
	my_invitation: {
		call: (id) =>
			`select 1 / (1 - count(*)) from public.my_invitation('${id('invitation')}') where mine or slug is not null`,
		on: ['invitation'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'done'
	},
	// Whoever has an account may make a company of their own; here nobody has proven an address. What is proposed is said of nobody's row.
	create_workspace: own(() => `select public.create_workspace('Mercearia', null, 'Outra')`, 'email_not_confirmed'),
	propose_slug: own(() => `select 1 / (public.propose_slug('São João & Cia') = 'sao-joao-cia')::integer`),
	first_steps: ofTenant((id) => `select public.first_steps('${id('tenant')}')`),
	close_first_steps: ofTenant((id) => `select public.close_first_steps('${id('tenant')}', true)`),
	onboard_me: {
		call: (id) => `select public.onboard_me('${id('tenant')}', null)`,
		on: ['tenant'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	// A file of one's own alone; taking one's picture away is everybody's.
	set_my_avatar: own((id) => `select public.set_my_avatar('${id('admin')}/${id('admin')}.webp')`, 'avatar_not_found'),
	// One's own, whoever one is.
	make_recovery_codes: own(() => 'select public.make_recovery_codes()', 'mfa_first'),
	recovery_codes_left: own(() => 'select 1 / (1 - public.recovery_codes_left())'),
	use_recovery_code: own(() => `select 1 / (public.use_recovery_code('abcde-fghij') = 'wrong')::integer`),
	my_sessions: own((id) => `select 1 / (1 - count(*)) from public.my_sessions() where id = '${id('tenant')}'`),
	end_sessions: own((id) => `select 1 / (1 - public.end_sessions('${id('tenant')}'))`),
	my_invitations: {
		call: (id) => `select 1 / (1 - count(*)) from public.my_invitations() where id = '${id('invitation')}'`,
		on: ['invitation'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'done'
	},
	accept_invitation: {
		call: (id) => `select public.accept_invitation('${id('invitation')}', 'Outra')`,
		on: ['invitation'],
		does: NONE,
		mayNot: NONE,
		hidden: 'invitation_for_another'
	},
	search_inbox: {
		call: (id) => `select public.search_inbox('${id('tenant')}', 'bom dia')`,
		on: ['tenant'],
		does: MEMBERS,
		mayNot: { ...NONE, analyst: 'all' },
		hidden: 'tenant_not_found'
	},
	reconnect_channel: {
		call: (id) => `select public.reconnect_channel('${id('channel')}')`,
		on: ['channel'],
		does: ADMIN,
		mayNot: { ...MEMBERS, admin: 'none' },
		hidden: 'channel_not_found'
	},
	save_template: {
		call: (id) =>
			`select public.save_template('${id('channel')}', null, '{"name": "novo", "language": "pt_BR", "category": "UTILITY", "components": []}')`,
		on: ['channel'],
		does: MANAGER,
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'channel_not_found'
	},
	sync_templates: {
		call: (id) => `select public.sync_templates('${id('channel')}')`,
		on: ['channel'],
		does: MANAGER,
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'channel_not_found'
	},
	submit_template: onTemplate((id) => `select public.submit_template('${id('template')}')`),
	delete_template: onTemplate((id) => `select public.delete_template('${id('template')}')`),
	discard_template_draft: onTemplate((id) => `select public.discard_template_draft('${id('template')}')`),
	set_notification_preference: ofMember(
		(id) => `select public.set_notification_preference('${id('tenant')}', 'message', true, false, true, false)`
	),
	save_notification_settings: ofMember(
		(id) => `select public.save_notification_settings('${id('tenant')}', '{"volume": 10}')`
	),
	read_notifications: ofMember((id) => `select public.read_notifications('${id('tenant')}')`),
	unread_notification: {
		call: (id) =>
			`select public.unread_notification('${id('tenant')}', coalesce((select n.id from public.notifications n where n.tenant_id = '${id('tenant')}' limit 1), gen_random_uuid()))`,
		on: ['tenant'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	save_push_device: ofMember(
		(id) =>
			`select public.save_push_device('${id('tenant')}', 'https://push.test/1', '${'A'.repeat(87)}', '${'A'.repeat(22)}', 'Chrome')`
	),
	my_digest: ofMember((id) => `select public.my_digest('${id('tenant')}')`),
	my_push_devices: ofMember((id) => `select public.my_push_devices('${id('tenant')}')`),
	forget_push_device: ofMember((id) => `select public.forget_push_device('${id('tenant')}')`),
	i_am_here: ofMember((id) => `select public.i_am_here('${id('tenant')}', 'en')`),
	test_push: {
		call: (id) =>
			`select public.test_push('${id('tenant')}', (select d.id from public.my_push_devices('${id('tenant')}') d limit 1))`,
		on: ['tenant'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	save_canned_response: {
		call: (id) =>
			`select public.save_canned_response('${id('tenant')}', '${id('canned')}', '{"shortcut": "oi", "title": "Oi", "scope": "shared", "variants": [{"text": "Oi!"}]}')`,
		on: ['tenant'],
		does: MANAGER,
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'tenant_not_found'
	},
	restore_canned_response: onCanned((id) => `select public.restore_canned_response('${id('canned')}', 1)`),
	archive_canned_response: onCanned((id) => `select public.archive_canned_response('${id('canned')}', true)`),
	canned_response_results: onCanned((id) => `select public.canned_response_results('${id('canned')}')`),
	schedule_message: onConversation(
		(id) =>
			`select public.schedule_message('${id('thread')}', gen_random_uuid(), '{"kind": "text", "text": "Oi"}', now() + interval '1 hour')`
	),
	change_scheduled_message: onScheduled(
		(id) =>
			`select public.change_scheduled_message('${id('scheduled')}', '{"kind": "text", "text": "Oi"}', now() + interval '1 hour', false)`
	),
	cancel_scheduled_message: onScheduled((id) => `select public.cancel_scheduled_message('${id('scheduled')}')`),
	send_scheduled_message: onScheduled((id) => `select public.send_scheduled_message('${id('scheduled')}')`),
	note_canned_use: {
		...onConversation(
			(id) => `select public.note_canned_use('${id('tenant')}', '${id('answer')}', array['${id('canned')}'::uuid])`
		),
		hidden: 'message_not_found'
	},
	import_canned_responses: {
		call: (id) => `select public.import_canned_responses('${id('tenant')}', '[]', true)`,
		on: ['tenant'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	my_canned_uses: {
		call: (id) => `select public.my_canned_uses('${id('tenant')}')`,
		on: ['tenant'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	merge_contacts: {
		call: (id) => `select public.merge_contacts('${id('contact')}', '${id('double')}')`,
		on: ['agent', 'nobody'],
		does: LEADERS,
		mayNot: FOLLOWING,
		hidden: 'contact_not_found'
	},
	part_contacts: {
		call: (id) => `select public.part_contacts('${id('merge')}')`,
		on: ['agent', 'nobody'],
		does: LEADERS,
		mayNot: FOLLOWING,
		hidden: 'merge_not_found'
	},
	edit_contact: onContact((id) => `select public.edit_contact('${id('contact')}', '{"email": "maria@exemplo.test"}')`),
	tag_contact: onContact((id) => `select public.tag_contact('${id('contact')}', '{}', '{}')`),
	record_consent: onContact(
		(id) => `select public.record_consent('${id('contact')}', 'marketing', null, 'granted', 'Pediu no balcão')`
	),
	save_contact: {
		call: (id) => `select public.save_contact('${id('tenant')}', 'Maria', '{5511999990001}')`,
		on: ['tenant'],
		does: ANSWERERS,
		mayNot: VIEWER,
		hidden: 'tenant_not_found'
	},
	disconnect_channel: onChannel((id) => `select public.disconnect_channel('${id('channel')}')`),
	check_channel: onChannel((id) => `select public.check_channel('${id('channel')}')`),
	channel_health: {
		call: (id) => `select public.channel_health('${id('channel')}')`,
		on: ['channel'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'channel_not_found'
	},
	list_webhook_events: ofTenant((id) => `select public.list_webhook_events('${id('tenant')}')`),
	replay_webhook_events: ofTenant(
		(id) => `select public.replay_webhook_events('${id('tenant')}', statuses => array['failed', 'processed'])`
	),
	read_webhook_event: onWebhook((id) => `select public.read_webhook_event('${id('webhook')}')`),
	mend_webhook_event: onWebhook((id) => `select public.mend_webhook_event('${id('webhook')}', '{}')`),
	dismiss_webhook_event: onWebhook((id) => `select public.dismiss_webhook_event('${id('webhook')}')`),
	assign_conversation: onConversation(
		(id) => `select public.assign_conversation('${id('thread')}', '${id('teammate')}')`
	),
	take_conversation: onConversation(
		(id) =>
			`select public.take_conversation('${id('thread')}', (select assignee_id from public.conversations where id = '${id('thread')}'))`
	),
	transfer_conversation: onConversation(
		(id) => `select public.transfer_conversation('${id('thread')}', '${id('team')}', null)`
	),
	// What it does for whom has given something away stands in tests/database/assignment.test.ts.
	undo_handover: {
		call: (id) => `select public.undo_handover('${id('thread')}')`,
		on: THREADS,
		does: NONE,
		mayNot: NONE,
		hidden: 'handover_final'
	},
	heartbeat: {
		call: (id) => `select public.heartbeat('${id('tenant')}')`,
		on: ['tenant'],
		does: ANSWERERS,
		mayNot: { ...NONE, viewer: 'all', analyst: 'all' },
		hidden: 'tenant_not_found'
	},
	set_availability: ofSupervisors(
		(id) => `select public.set_availability('${id('tenant')}', 'busy', '${id('admin')}')`
	),
	agent_loads: {
		call: (id) => `select public.agent_loads('${id('tenant')}')`,
		on: ['tenant'],
		does: ANSWERERS,
		mayNot: { ...NONE, viewer: 'all', analyst: 'all' },
		hidden: 'tenant_not_found'
	},
	create_team: ofSupervisors((id) => `select public.create_team('${id('tenant')}', 'Cobrança')`),
	save_agent_skills: ofSupervisors(
		(id) => `select public.save_agent_skills('${id('tenant')}', '${id('agent')}', 5, '{}', '{pt}')`
	),
	save_team: onTeam((id) => `select public.save_team('${id('team')}', '{"strategy": "round_robin"}')`),
	set_team_members: onTeam((id) => `select public.set_team_members('${id('team')}', array['${id('agent')}']::uuid[])`),
	delete_team: onTeam((id) => `select public.delete_team('${id('team')}')`),
	team_queue: onTeam((id) => `select public.team_queue('${id('team')}')`),
	set_default_team: {
		...onTeam((id) => `select public.set_default_team('${id('channel')}', '${id('team')}')`),
		on: ['channel'],
		hidden: 'channel_not_found'
	},
	merge_conversations: onConversation(
		(id) => `select public.merge_conversations('${id('thread')}', '${id('thread')}')`
	),
	unmerge_conversation: onConversation((id) => `select public.unmerge_conversation('${id('thread')}')`),
	close_conversation: onConversation((id) => `select public.close_conversation('${id('thread')}')`),
	reopen_conversation: onConversation((id) => `select public.reopen_conversation('${id('thread')}')`),
	mark_read: onConversation((id) => `select public.mark_read('${id('thread')}', 1)`),
	show_typing: onConversation((id) => `select public.show_typing('${id('thread')}')`),
	set_priority: onConversation((id) => `select public.set_priority('${id('thread')}', 3::smallint)`),
	tag_conversation: onConversation((id) => `select public.tag_conversation('${id('thread')}', '{}', '{}')`),
	snooze_conversation: onConversation(
		(id) => `select public.snooze_conversation('${id('thread')}', now() + interval '1 day')`
	),
	unsnooze_conversation: onConversation((id) => `select public.unsnooze_conversation('${id('thread')}')`),
	mark_spam: onConversation((id) => `select public.mark_spam('${id('thread')}', true)`),
	add_note: onConversation(
		(id) => `select public.add_note('${id('thread')}', gen_random_uuid(), '{"text": "Ligar amanhã"}')`
	),
	edit_note: onNote((id) => `select public.edit_note('${id('note')}', '{"text": "Ligar hoje"}')`),
	delete_note: onNote((id) => `select public.delete_note('${id('note')}')`),
	follow_conversation: {
		call: (id) => `select public.follow_conversation('${id('thread')}', auth.uid(), true)`,
		on: THREADS,
		does: FOLLOWERS,
		mayNot: NONE,
		hidden: 'conversation_not_found'
	},
	read_mentions: {
		call: (id) => `select public.read_mentions('${id('thread')}')`,
		on: THREADS,
		does: FOLLOWERS,
		mayNot: NONE,
		hidden: 'conversation_not_found'
	},
	save_contact_fact: onContact(
		(id) => `select public.save_contact_fact('${id('contact')}', '${id('fact')}', 'Prefere à tarde')`
	),
	erase_contact_fact: {
		...onContact((id) => `select public.erase_contact_fact('${id('fact')}')`),
		hidden: 'contact_fact_not_found'
	},
	ai_turn_story: {
		call: (id) => `select public.ai_turn_story('${id('ai_turn')}')`,
		on: THREADS,
		does: FOLLOWERS,
		mayNot: NONE,
		hidden: 'conversation_not_found'
	},
	mentionable_members: {
		call: (id) => `select * from public.mentionable_members('${id('thread')}')`,
		on: THREADS,
		does: FOLLOWERS,
		mayNot: NONE,
		hidden: 'conversation_not_found'
	},
	thread_messages: ofFollowers((id) => `public.thread_messages('${id('thread')}')`),
	tagged_conversations: ofFollowers(
		(id) => `public.tagged_conversations('${id('tenant')}', '${id('tag')}') where id = '${id('thread')}'`
	),
	tagged_conversations_any: ofFollowers(
		(id) =>
			`public.tagged_conversations_any('${id('tenant')}', array['${id('tag')}'::uuid]) where id = '${id('thread')}'`
	),
	tag_usage: {
		call: (id) => `select * from public.tag_usage('${id('tenant')}')`,
		on: ['tenant'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	save_tag: ofTags((id) => `select public.save_tag('${id('tenant')}', null, 'Troca', 'blue')`),
	order_tags: ofTags((id) => `select public.order_tags('${id('tenant')}', '{}')`),
	delete_tag: ofTags((id) => `select public.delete_tag('${id('tenant')}', gen_random_uuid())`),
	send_message: onConversation(
		(id) => `select public.send_message('${id('thread')}', gen_random_uuid(), '{"kind": "text", "text": "Oi"}')`
	),
	save_lead: onConversation((id) => `select public.save_lead('${id('thread')}', null, '{"title": "Plano novo"}')`),
	// Nobody is refused the call: each conversation says for itself whether it was done.
	perform_actions: {
		...onConversation(
			(id) =>
				`select 1 / (not public.perform_actions(array['${id('thread')}']::uuid[], '[{"type": "set_priority", "priority": 4}]') @> '{"results": [{"code": "conversation_not_found"}]}')::integer / (not public.perform_actions(array['${id('thread')}']::uuid[], '[{"type": "set_priority", "priority": 4}]') @> '{"results": [{"code": "not_allowed"}]}')::integer`
		),
		does: ANSWERING_FOLLOWERS,
		mayNot: NONE,
		hidden: 'division by zero'
	},
	preview_actions: {
		...onConversation(
			(id) => `select public.preview_actions('${id('thread')}', '[{"type": "set_priority", "priority": 4}]')`
		),
		does: FOLLOWERS,
		mayNot: NONE
	},
	undo_actions: {
		call: (id) => `select public.undo_actions(array['${id('batch')}']::uuid[])`,
		on: ['batch'],
		does: { ...NONE, agent: 'all' },
		mayNot: NONE,
		hidden: 'undo_expired'
	},
	run_macro: {
		call: (id) => `select public.run_macro('${id('macro')}', '{}')`,
		on: ['macro'],
		does: ANSWERERS,
		mayNot: VIEWER,
		hidden: 'macro_not_found'
	},
	delete_macro: {
		call: (id) => `select public.delete_macro('${id('macro')}')`,
		on: ['macro'],
		does: MANAGER,
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'macro_not_found'
	},
	save_macro: {
		call: (id) =>
			`select public.save_macro('${id('tenant')}', null, '{"name": "Nova", "actions": [{"type": "close"}]}')`,
		on: ['tenant'],
		does: ANSWERERS,
		mayNot: { ...NONE, viewer: 'all', analyst: 'all' },
		hidden: 'tenant_not_found'
	},
	order_macros: {
		call: (id) => `select public.order_macros('${id('tenant')}', '{}')`,
		on: ['tenant'],
		does: ANSWERERS,
		mayNot: { ...NONE, viewer: 'all', analyst: 'all' },
		hidden: 'tenant_not_found'
	},
	set_conversation_attribute: onConversation(
		(id) => `select public.set_conversation_attribute('${id('thread')}', 'plan', '"Ouro"')`
	),
	set_contact_attribute: {
		call: (id) => `select public.set_contact_attribute('${id('contact')}', 'plan', '"Ouro"')`,
		on: ['agent', 'nobody'],
		does: ANSWERERS,
		mayNot: VIEWER,
		hidden: 'contact_not_found'
	},
	save_flow: managedBy(
		(id) =>
			`select public.save_flow('${id('tenant')}', null, 'Novo', '{"format": 1, "nodes": [{"id": "s", "type": "start"}], "edges": []}', null)`
	),
	save_flow_variable: managedBy((id) => `select public.save_flow_variable('${id('tenant')}', 'frete', '9')`),
	switch_module: onModule((id) => `select public.switch_module('${id('module')}', false)`),
	delete_module: onModule((id) => `select public.delete_module('${id('module')}')`),
	test_module: onModule((id) => `select public.test_module('${id('module')}')`),
	modules_for_flows: managedBy((id) => `select 1 / count(*) from public.modules_for_flows('${id('tenant')}')`),
	publish_flow: onFlow((id) => `select public.publish_flow('${id('flow')}', 1)`),
	roll_back_flow: onFlow((id) => `select public.roll_back_flow('${id('flow')}', '${id('flow_version')}')`),
	save_flow_triggers: onFlow((id) => `select public.save_flow_triggers('${id('flow')}', '[]')`),
	flow_uses: onFlow((id) => `select public.flow_uses('${id('flow')}')`),
	archive_flow: onFlow((id) => `select public.archive_flow('${id('flow')}')`),
	unarchive_flow: onFlow((id) => `select public.unarchive_flow('${id('flow')}')`),
	delete_flow: onFlow((id) => `select public.delete_flow('${id('flow')}')`),
	start_flow_replay: onFlow((id) => `select public.start_flow_replay('${id('flow')}', 1)`),
	cancel_flow_replay: {
		...onFlow((id) => `select public.cancel_flow_replay('${id('flow_replay')}')`),
		on: ['flow_replay'],
		hidden: 'flow_replay_not_found'
	},
	flow_performance: onFlow((id) => `select public.flow_performance('${id('flow')}', 30)`),
	start_flow: onConversation((id) => `select public.start_flow('${id('thread')}', '${id('flow')}')`),
	save_ai_agent: managedBy(
		(id) =>
			`select public.save_ai_agent('${id('tenant')}', null, '{"name": "Novo", "model": "prosa-simulator"}', null, '{}', '{}', null)`
	),
	publish_ai_agent: onAgent((id) => `select public.publish_ai_agent('${id('ai_agent')}', 1)`),
	roll_back_ai_agent: onAgent((id) => `select public.roll_back_ai_agent('${id('ai_agent')}', '${id('ai_version')}')`),
	delete_ai_agent: onAgent((id) => `select public.delete_ai_agent('${id('ai_agent')}')`),
	save_ai_document: managedBy(
		(id) => `select public.save_ai_document('${id('tenant')}', null, 'Preços', 'text', 'Pão: R$ 1')`
	),
	delete_ai_document: {
		...onAgent((id) => `select public.delete_ai_document('${id('ai_document')}')`),
		on: ['ai_document'],
		hidden: 'ai_document_not_found'
	},
	save_ai_file: managedBy(
		(id) =>
			`select public.save_ai_file('${id('tenant')}', 'Preços', 'pdf', (
				select o.name from storage.objects o where starts_with(o.name, '${id('tenant')}/uploads/' || auth.uid() || '/') limit 1
			), 'precos.pdf')`
	),
	try_ai_agent: onAgent(
		(id) =>
			`select public.try_ai_agent('${id('ai_agent')}', '{"name": "Bia", "model": "prosa-simulator"}', '[{"author": "customer", "text": "oi"}]')`
	),
	ai_agent_figures: reads((id) => `select 1 / count(*) from public.ai_agent_figures('${id('tenant')}')`),
	find_ai_knowledge: reads((id) => `select public.find_ai_knowledge('${id('tenant')}', 'horário')`),
	save_ai_settings: managedBy((id) => `select public.save_ai_settings('${id('tenant')}', true, 5, 50, 120, '[]')`),
	save_ai_evaluation_case: onAgent(
		(id) =>
			`select public.save_ai_evaluation_case('${id('ai_agent')}', null, 'Preço', '[{"author": "customer", "text": "oi"}]', '{}')`
	),
	delete_ai_evaluation_case: {
		...onAgent((id) => `select public.delete_ai_evaluation_case('${id('ai_case')}')`),
		on: ['ai_case'],
		hidden: 'ai_case_not_found'
	},
	run_ai_evaluation: onAgent((id) => `select public.run_ai_evaluation('${id('ai_agent')}')`),
	modules_for_ai: reads((id) => `select 1 / count(*) from public.modules_for_ai('${id('tenant')}')`),
	ai_status: reads((id) => `select public.ai_status('${id('tenant')}')`),
	stop_ai: onConversation((id) => `select public.stop_ai('${id('thread')}')`),
	stop_flow: onConversation((id) => `select public.stop_flow('${id('thread')}')`),
	send_flow_event: onConversation((id) => `select public.send_flow_event('${id('thread')}', 'pedido')`),
	save_rule: managedBy(
		(id) =>
			`select public.save_rule('${id('tenant')}', null, '{"name": "Nova", "trigger": "message_received", "actions": [{"type": "close"}], "enabled": false}')`
	),
	order_rules: managedBy((id) => `select public.order_rules('${id('tenant')}', '{}')`),
	rule_statistics: managedBy((id) => `select public.rule_statistics('${id('tenant')}')`),
	try_conditions: managedBy((id) => `select public.try_conditions('${id('tenant')}', '{"match": "all", "rules": []}')`),
	switch_rule: onRule((id) => `select public.switch_rule('${id('rule')}', false)`),
	delete_rule: onRule((id) => `select public.delete_rule('${id('rule')}')`),
	save_attribute: managedBy(
		(id) =>
			`select public.save_attribute('${id('tenant')}', null, '{"subject": "contact", "key": "size", "label": "Tamanho", "type": "text"}')`
	),
	order_attributes: managedBy((id) => `select public.order_attributes('${id('tenant')}', '{}')`),
	delete_attribute: {
		call: (id) => `select public.delete_attribute('${id('attribute')}')`,
		on: ['attribute'],
		does: MANAGER,
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'attribute_not_found'
	},
	opening_now: {
		call: (id) => `select 1 / count(*) from public.opening_now('${id('tenant')}')`,
		on: ['tenant'],
		does: ANALYST,
		mayNot: NONE,
		hidden: 'tenant_not_found'
	},
	save_business_hours: managedBy((id) => `select public.save_business_hours('${id('tenant')}', null, '{"week": {}}')`),
	delete_business_hours: managedBy((id) => `select public.delete_business_hours('${id('tenant')}', null)`),
	save_holiday: managedBy(
		(id) => `select public.save_holiday('${id('tenant')}', null, '{"day": "2027-08-15", "name": "Padroeira"}')`
	),
	delete_holiday: {
		call: (id) => `select public.delete_holiday('${id('holiday')}')`,
		on: ['holiday'],
		does: MANAGER,
		mayNot: { ...ANALYST, admin: 'none', supervisor: 'none' },
		hidden: 'holiday_not_found'
	},
	add_brazilian_holidays: managedBy((id) => `select public.add_brazilian_holidays('${id('tenant')}', 2027)`),
	price_of: {
		call: (id) => `select public.price_of('${id('thread')}', 'marketing')`,
		on: THREADS,
		does: FOLLOWERS,
		mayNot: NONE,
		hidden: 'conversation_not_found'
	},
	contact_story: {
		call: (id) => `select * from public.contact_story('${id('contact')}')`,
		on: ['agent', 'supervisor'],
		does: MEMBERS,
		mayNot: NONE,
		hidden: 'contact_not_found'
	},
	contact_cost: {
		call: (id) => `select public.contact_cost('${id('contact')}')`,
		on: ['agent', 'supervisor'],
		does: { ...NONE, admin: 'all', supervisor: 'all' },
		mayNot: { ...MEMBERS, admin: 'none', supervisor: 'none' },
		hidden: 'contact_not_found'
	},
	other_channels: {
		call: (id) => `select * from public.other_channels('${id('thread')}')`,
		on: THREADS,
		does: FOLLOWERS,
		mayNot: NONE,
		hidden: 'conversation_not_found'
	},
	continue_on_channel: onConversation(
		(id) => `select public.continue_on_channel('${id('thread')}', '${id('channel')}')`
	),
	conversation_cost: {
		call: (id) => `select public.conversation_cost('${id('thread')}')`,
		on: THREADS,
		does: { ...NONE, admin: 'all', supervisor: 'all' },
		mayNot: { ...FOLLOWERS, admin: 'none', supervisor: 'none' },
		hidden: 'conversation_not_found'
	},
	costs: {
		call: (id) => `select public.costs('${id('tenant')}', current_date - 30, current_date, 'channel')`,
		on: ['tenant'],
		does: ACCOUNTANTS,
		mayNot: NO_ACCOUNTANTS,
		hidden: 'tenant_not_found'
	},
	reprice_costs: {
		call: (id) => `select public.reprice_costs('${id('tenant')}', current_date)`,
		on: ['tenant'],
		does: ADMIN,
		mayNot: { ...ANALYST, admin: 'none' },
		hidden: 'tenant_not_found'
	},
	price_lists: {
		call: (id) => `select public.price_lists('${id('tenant')}')`,
		on: ['tenant'],
		does: ACCOUNTANTS,
		mayNot: NO_ACCOUNTANTS,
		hidden: 'tenant_not_found'
	},
	retry_message: {
		...onConversation((id) => `select public.retry_message('${id('answer')}')`),
		hidden: 'message_not_found'
	}
};
