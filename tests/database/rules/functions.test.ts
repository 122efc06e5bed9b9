import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { namesOf, OURS, rule } from './rule.ts';

const database = useDatabase();

rule(database, 'a function with its owner’s rights pins its search_path to nothing', {
	offenders: `
		select f.oid::regprocedure
		from pg_proc f
		where f.pronamespace in ${OURS}
			and f.prosecdef
			and not coalesce(f.proconfig, '{}') @> array['search_path=""']`,
	breach: `create function private.loose() returns integer language sql security definer as 'select 1'`
});

rule(database, 'a visitor can call nothing, and nothing is callable by everybody', {
	offenders: `
		select f.oid::regprocedure
		from pg_proc f
		where f.pronamespace in ${OURS}
			and (
				has_function_privilege('anon', f.oid, 'execute')
				or exists (
					select
					from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) acl
					where acl.grantee = 0
				)
			)`,
	breach: 'grant execute on function private.claim_sends(uuid, integer, uuid, integer) to public'
});

rule(database, 'no public function has two forms: a browser calls it by its name', {
	offenders: `
		select f.proname
		from pg_proc f
		where f.pronamespace = 'public'::regnamespace
		group by f.proname
		having count(*) > 1`,
	breach: `create function public.mark_read(conversation_id uuid) returns integer language sql set search_path = '' as 'select 1'`
});

rule(database, 'every error is a code in lower case with an HTTP status, never prose', {
	offenders: `
		select f.oid::regprocedure || ': ' || left(call.text[1], 60)
		from pg_proc f
		cross join lateral regexp_matches(f.prosrc, '((?:private\\.refuse\\(|\\mraise\\M)[^;]*);', 'gi') call (text)
		where f.pronamespace in ${OURS}
			and f.oid <> 'private.refuse(integer,text,text)'::regprocedure
			and call.text[1] !~ '^private\\.refuse\\((40[0-9]|409|4[12][0-9]), ''[a-z]+(_[a-z]+)*''[,)]'
			-- Passing an error on, or noting one that must not cost the transaction.
			and call.text[1] !~* '^raise( (warning|notice|debug|log) .*)?$'`,
	breach: `create function private.prosaic() returns void language plpgsql set search_path = '' as
		'begin raise exception ''You cannot do that''; end'`
});

const executable = (role: string, schema: string) => `
	select f.proname
	from pg_proc f
	where f.pronamespace = '${schema}'::regnamespace
		and has_function_privilege('${role}', f.oid, 'execute')`;

test('a signed-in person calls of private what policies and indexes need, and no more', async () => {
	expect(await namesOf(database.owner, executable('authenticated', 'private'))).toEqual([
		// The index over contacts runs it when somebody writes a name: it reads nothing but its arguments.
		'contact_text',
		'is_attached',
		'may_add_avatar',
		'may_join',
		'may_join_flow',
		'my_team_ids',
		'my_tenant_ids',
		'sees_avatar',
		'sees_file'
	]);
});

test('the door can hand in what arrived and ask who is knocking', async () => {
	expect(await namesOf(database.owner, executable('prosa_door', 'private'))).toEqual([
		'door_secrets',
		'receive',
		'unsubscribe_digest'
	]);
	expect(await namesOf(database.owner, executable('prosa_door', 'public'))).toEqual([]);
});

test('the function that connects numbers can do that, and read no secret of a door', async () => {
	expect(await namesOf(database.owner, executable('prosa_channels', 'private'))).toEqual([
		'change_channel_secrets',
		'channel_to_manage',
		'connect_channel',
		'may_connect',
		'places_of_numbers'
	]);
	expect(await namesOf(database.owner, executable('prosa_channels', 'public'))).toEqual([]);
});

test('the function that takes the forms of integrations can keep them, and read no secret', async () => {
	expect(await namesOf(database.owner, executable('prosa_modules', 'private'))).toEqual([
		'keep_ai_key',
		'module_to_save',
		'save_module'
	]);
	expect(await namesOf(database.owner, executable('prosa_modules', 'public'))).toEqual([]);
});

test('the function that asks a model for people reads in their name, counts, and keeps what they had made', async () => {
	expect(await namesOf(database.owner, executable('prosa_ai', 'private'))).toEqual([
		'assist_reading',
		'begin_ai_call',
		'keep_assisted',
		'settle_ai_call'
	]);
	expect(await namesOf(database.owner, executable('prosa_ai', 'public'))).toEqual([]);
});

test('the worker can do its tasks', async () => {
	expect(await namesOf(database.owner, executable('prosa_worker', 'private'))).toEqual([
		'ai_accounts',
		'ai_document_to_index',
		'ai_file_to_read',
		'ai_key_of',
		'ai_model_of',
		'ai_trial_reading',
		'apply_pending_webhook',
		'bare_webhook_events',
		'begin_ai_call',
		'begin_ai_change',
		'begin_drain',
		'call_flows',
		'channel_to_check',
		'claim_digest',
		'claim_media',
		'claim_pushes',
		'claim_receipt',
		'claim_sends',
		'claim_template_work',
		'commit_ai_turn',
		'commit_flow_steps',
		'compose_digests',
		'continue_replay',
		'declare_ai_platform',
		'end_ai_evaluation',
		'end_flow_replay',
		'enqueue_template_syncs',
		'expire_availability',
		'expire_unknown_sends',
		'fail_flow',
		'finish_template_sync',
		'flow_definitions',
		'flow_of_trigger',
		'fold_flow_counts',
		'fold_inbox_counts',
		'hold_channel',
		'invitation_to_send',
		'keep_ai_evaluation_result',
		'keep_ai_pieces',
		'keep_ai_reading',
		'keep_flow_replay',
		'keep_summary',
		'keep_translation',
		'known_upload',
		'make_partitions',
		'media_orphans',
		'media_to_describe',
		'module_of_call',
		'module_to_test',
		'next_ai_evaluation_case',
		'next_of_flow_replay',
		'next_of_replay',
		'purge_automation_runs',
		'purge_early_events',
		'purge_flow_runs',
		'purge_media_uploads',
		'purge_notifications',
		'purge_pair_paces',
		'purge_portfolio_people',
		'purge_webhook_events',
		'purge_webhook_replays',
		'raw_webhook_event',
		'read_flows',
		'receive_parsed',
		'record_channel_check',
		'recover_claims',
		'remember_upload',
		'replay_one',
		'rest_flows',
		'results_of_flow_replay',
		'retire_tag',
		'retry_webhook_event',
		'ring_late_outbox',
		'ring_outbox',
		'rotate_secret',
		'route',
		'run_waiting_rules',
		'schedule_channel_checks',
		'search_knowledge',
		'secrets_to_rotate',
		'send_scheduled_due',
		'settle_ai_call',
		'settle_ai_change',
		'settle_ai_trial',
		'settle_digest',
		'settle_flow_call',
		'settle_invitation',
		'settle_media',
		'settle_module_test',
		'settle_promises',
		'settle_push',
		'settle_receipt',
		'settle_sends',
		'settle_template_work',
		'start_scheduled_flows',
		'start_template_sync',
		'store_templates',
		'take_ai_turn',
		'take_flow_call',
		'take_flow_wakes',
		'take_slots',
		'tell_away',
		'tell_promises',
		'tidy_ai_calls',
		'tidy_contact_facts',
		'turn_outbox',
		'unclaimed_for',
		'wake_conversations',
		'wake_flows'
	]);
	expect(await namesOf(database.owner, executable('prosa_worker', 'public'))).toEqual([]);
});
