import type { Sql } from '../database.ts';
import { NUMBERS, uuid, type Company } from '../people.ts';
import { ROLES, THREADS, type Thread } from './matrix.ts';
import { avatarPath, cannedPath, COMPANIES, draftPath, filePath, STAFF, threadIds } from './names.ts';

/** Writes rows into every table for both companies: five conversations each, told apart by who has them. */
export async function arrangeIsolation(sql: Sql): Promise<void> {
	for (const company of COMPANIES) {
		await sql`insert into public.roles (id, tenant_id, name, permissions) values (${uuid(`${company} role`)}, ${uuid(company)}, 'Estagiário', '{contacts.read}')`;
		await sql`
			insert into public.invitations (id, tenant_id, email, role, sent_at)
			values (${uuid(`${company} invitation`)}, ${uuid(company)}, 'nova@exemplo.test', 'agent', now() - interval '1 hour')`;
		await sql`
			insert into public.channel_events (tenant_id, channel_id, field, payload, occurred_at)
			values (${uuid(company)}, ${uuid(`${company} channel`)}, 'account_update', '{}', now())`;
		await sql`
			insert into public.webhook_events (id, tenant_id, channel_id, sha256, raw, status, error)
			values (${uuid(`${company} webhook`)}, ${uuid(company)}, ${uuid(`${company} channel`)}, ${'a'.repeat(64)}, '{}', 'failed', 'not_json')`;
		await sql`
			insert into public.webhook_replays (tenant_id, requested_by) values (${uuid(company)}, ${uuid(STAFF[company].admin)})`;
		await sql`
			insert into public.templates (id, tenant_id, waba_id, name, language, category, draft)
			values (
				${uuid(`${company} template`)}, ${uuid(company)}, ${`${NUMBERS[company]}9`}, 'boas_vindas', 'pt_BR', 'UTILITY',
				'{"category": "UTILITY", "parameter_format": "POSITIONAL", "components": [{"type": "BODY", "text": "Oi!"}]}'
			)`;
		await sql`
			insert into public.template_events (tenant_id, template_id, kind, occurred_at)
			values (${uuid(company)}, ${uuid(`${company} template`)}, 'submitted', now())`;
		await sql`insert into public.template_syncs (tenant_id, waba_id, status) values (${uuid(company)}, '10000', 'done')`;
		await arrangeActions(sql, company);
		await sql`
			insert into public.saved_filters (id, tenant_id, user_id, is_shared, name, conditions)
			values (${uuid(`${company} filter`)}, ${uuid(company)}, ${uuid(STAFF[company].admin)}, true, 'Tudo', '{"match": "all", "rules": []}')`;
		await sql`insert into public.tags (id, tenant_id, name) values (${uuid(`${company} tag`)}, ${uuid(company)}, 'Entrega')`;
		for (const role of ['admin', 'agent'] as const) {
			const user = uuid(STAFF[company][role]);
			await sql`insert into public.agent_skills (tenant_id, user_id) values (${uuid(company)}, ${user})`;
			// Which begins a period of theirs.
			await sql`insert into public.agent_availability (tenant_id, user_id, wanted) values (${uuid(company)}, ${user}, 'online')`;
		}
		await arrangeHours(sql, company);
		for (const thread of THREADS) await arrangeThread(sql, company, thread);
		await arrangeCanned(sql, company);
		for (const role of ROLES) {
			await sql`
				insert into public.saved_filters (tenant_id, user_id, name, conditions)
				values (${uuid(company)}, ${uuid(STAFF[company][role])}, 'Meu', '{"match": "all", "rules": []}')`;
			await sql`
				insert into public.mentions (tenant_id, user_id, message_id, conversation_id)
				values (
					${uuid(company)}, ${uuid(STAFF[company][role])},
					${threadIds(company, 'nobody').note}, ${threadIds(company, 'nobody').thread}
				)`;
		}
		await arrangeFiles(sql, company);
		await arrangeTelling(sql, company);
	}
	await sql`
		insert into public.webhook_events (sha256, raw, status)
		values (${'b'.repeat(64)}, ${`{"for": "nobody", "not": "${NUMBERS.padaria}"}`}, 'unclaimed')`;
}

const EMPTY_FLOW = JSON.stringify({ format: 1, nodes: [{ id: 's', type: 'start' }], edges: [], variables: [] });

/** Attributes, a macro of everybody's and one of the agent's, and what each has done and may take back. */
async function arrangeActions(sql: Sql, company: Company): Promise<void> {
	await sql`
		insert into public.attribute_definitions (id, tenant_id, subject, key, label, type)
		values (${uuid(`${company} attribute`)}, ${uuid(company)}, 'conversation', 'plan', 'Plano', 'text')`;
	await sql`
		insert into public.attribute_definitions (tenant_id, subject, key, label, type)
		values (${uuid(company)}, 'contact', 'plan', 'Plano', 'text')`;
	await sql`
		insert into public.macros (id, tenant_id, name, actions)
		values (${uuid(`${company} macro`)}, ${uuid(company)}, 'Urgente', '[{"type": "set_priority", "priority": 4}]')`;
	await sql`
		insert into public.macros (id, tenant_id, owner_id, name, actions)
		values (${uuid(`${company} own_macro`)}, ${uuid(company)}, ${uuid(STAFF[company].agent)}, 'Minha', '[{"type": "close"}]')`;
	await sql`
		insert into public.flows (id, tenant_id, name, draft)
		values (${uuid(`${company} flow`)}, ${uuid(company)}, 'Menu', ${EMPTY_FLOW}::text::jsonb)`;
	await sql`
		insert into public.flow_versions (id, tenant_id, flow_id, number, definition)
		values (${uuid(`${company} flow_version`)}, ${uuid(company)}, ${uuid(`${company} flow`)}, 1, ${EMPTY_FLOW}::text::jsonb)`;
	await sql`update public.flows set published_version_id = ${uuid(`${company} flow_version`)} where id = ${uuid(`${company} flow`)}`;
	await sql`
		insert into public.flow_triggers (tenant_id, flow_id, type, settings)
		values (${uuid(company)}, ${uuid(`${company} flow`)}, 'first_message', '{"type": "first_message"}')`;
	await sql`
		insert into public.tenant_modules (id, tenant_id, module, configuration)
		values (${uuid(`${company} module`)}, ${uuid(company)}, 'sgp', '{"url": "https://sgp.test"}')`;
	await sql`
		insert into public.flow_counts (tenant_id, flow_id, day, node, branch, runs)
		values (${uuid(company)}, ${uuid(`${company} flow`)}, current_date, '', '', 1)`;
	await sql`
		insert into public.flow_replays (id, tenant_id, flow_id, definition, revision, days, guess)
		values (${uuid(`${company} flow_replay`)}, ${uuid(company)}, ${uuid(`${company} flow`)}, ${EMPTY_FLOW}::text::jsonb, 1, 30, 'works')`;
	await sql`insert into public.flow_variables (tenant_id, name, value) values (${uuid(company)}, 'frete', '8')`;
	await sql`
		insert into public.ai_agents (id, tenant_id, name, draft)
		values (${uuid(`${company} ai_agent`)}, ${uuid(company)}, 'Bia', '{"name": "Bia", "model": "prosa-simulator"}')`;
	await sql`
		insert into public.ai_agent_versions (id, tenant_id, agent_id, number, definition)
		values (${uuid(`${company} ai_version`)}, ${uuid(company)}, ${uuid(`${company} ai_agent`)}, 1, '{"name": "Bia", "model": "prosa-simulator"}')`;
	await sql`
		insert into public.ai_documents (id, tenant_id, title, format, body, size)
		values (${uuid(`${company} ai_document`)}, ${uuid(company)}, 'Horários', 'text', 'Abrimos às 6h.', 15)`;
	await sql`
		insert into public.ai_pieces (tenant_id, document_id, position, body)
		values (${uuid(company)}, ${uuid(`${company} ai_document`)}, 1, 'Abrimos às 6h.')`;
	await sql`
		insert into public.ai_evaluation_cases (id, tenant_id, agent_id, name, said, expected)
		values (${uuid(`${company} ai_case`)}, ${uuid(company)}, ${uuid(`${company} ai_agent`)}, 'Preço', '[{"author": "customer", "text": "oi"}]', '{}')`;
	await sql`
		insert into public.ai_evaluation_runs (id, tenant_id, agent_id, revision, definition, total, status, done_at)
		values (${uuid(`${company} ai_run`)}, ${uuid(company)}, ${uuid(`${company} ai_agent`)}, 1, '{}', 1, 'done', now())`;
	await sql`
		insert into public.ai_evaluation_results (tenant_id, run_id, case_id, asked)
		values (${uuid(company)}, ${uuid(`${company} ai_run`)}, ${uuid(`${company} ai_case`)}, '{}')`;
	await sql`insert into public.ai_settings (tenant_id) values (${uuid(company)})`;
	await sql`
		insert into public.ai_trials (tenant_id, agent_id, user_id, definition, said)
		values (${uuid(company)}, ${uuid(`${company} ai_agent`)}, ${uuid(STAFF[company].admin)}, '{}', '[]')`;
	await sql`
		insert into public.automation_rules (id, tenant_id, name, trigger, actions, enabled)
		values (${uuid(`${company} rule`)}, ${uuid(company)}, 'Urgente', 'message_received', '[{"type": "set_priority", "priority": 4}]', false)`;
	await sql`
		insert into private.action_batches (id, user_id, changes)
		values (${uuid(`${company} batch`)}, ${uuid(STAFF[company].agent)}, ${`[{"id": "${threadIds(company, 'agent').thread}", "before": {}, "after": {}}]`}::text::jsonb)`;
}

/** The company's hours and one holiday. */
async function arrangeHours(sql: Sql, company: Company): Promise<void> {
	await sql`insert into public.business_hours (tenant_id) values (${uuid(company)})`;
	await sql`
		insert into public.holidays (id, tenant_id, day, name)
		values (${uuid(`${company} holiday`)}, ${uuid(company)}, '2026-12-25', 'Natal')`;
}

/** A canned response of everybody, of the team and of the agent; everyone has used the first. */
async function arrangeCanned(sql: Sql, company: Company): Promise<void> {
	const tenant_id = uuid(company);
	for (const [name, scope, team_id, owner_id] of [
		['canned', 'shared', null, null],
		['canned_team', 'team', uuid(`${company} team`), null],
		['canned_own', 'private', null, uuid(STAFF[company].agent)]
	] as const) {
		const id = uuid(`${company} ${name}`);
		await sql`
			insert into public.canned_responses (id, tenant_id, shortcut, title, scope, team_id, owner_id)
			values (${id}, ${tenant_id}, 'oi', 'Oi', ${scope}, ${team_id}, ${owner_id})`;
		await sql`insert into public.canned_response_versions (tenant_id, response_id, version) values (${tenant_id}, ${id}, 1)`;
		await sql`
			insert into public.canned_response_variants (id, tenant_id, response_id, version, position, weight, text)
			values (${uuid(`${company} ${name} variant`)}, ${tenant_id}, ${id}, 1, 0, 1, 'Oi!')`;
		const path = cannedPath(company, name);
		await sql`insert into storage.objects (bucket_id, name) values ('media', ${path})`;
		await sql`
			insert into public.canned_response_files (tenant_id, response_id, version, position, path, kind, mime_type, filename, size)
			values (${tenant_id}, ${id}, 1, 0, ${path}, 'document', 'application/pdf', 'tabela.pdf', 1234)`;
		await sql`update public.canned_responses set published_version = 1 where id = ${id}`;
	}
	const { thread } = threadIds(company, 'agent');
	for (const role of ROLES) {
		await sql`
			insert into public.canned_response_uses (tenant_id, variant_id, message_id, message_created_at, conversation_id, user_id)
			values (
				${tenant_id}, ${uuid(`${company} canned variant`)}, gen_random_uuid(), now(), ${thread}, ${uuid(STAFF[company][role])}
			)`;
	}
}

/** One conversation with a question and an answer that failed to be sent. */
async function arrangeThread(sql: Sql, company: Company, thread: Thread): Promise<void> {
	const ids = threadIds(company, thread);
	const tenant_id = uuid(company);
	const channel_id = uuid(`${company} channel`);
	const phone = `55119${String(THREADS.indexOf(thread)).repeat(8)}`;
	const assignee = thread === 'nobody' || thread === 'team' ? null : uuid(STAFF[company][thread]);

	await sql`insert into public.contacts (id, tenant_id, name, phone) values (${ids.contact}, ${tenant_id}, 'Maria', ${phone})`;
	await sql`
		insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
		values (${tenant_id}, ${ids.contact}, 'phone', ${phone}, ${phone})`;
	await sql`
		select private.add_consent(
			${tenant_id}, ${ids.contact},
			'{"purpose": "marketing", "channel_type": "whatsapp", "state": "granted", "source": "form", "occurred_at": "2026-01-05T12:00:00Z"}'
		)`;
	await sql`
		with merge as (
			insert into public.contact_merges (id, tenant_id, kept_id, gone_id, kept_name, gone_name, gone_identities)
			values (${ids.merge}, ${tenant_id}, ${ids.contact}, gen_random_uuid(), 'Maria', 'Maria S.', '[]')
			returning id, gone_id
		)
		insert into private.merge_snapshots (merge_id, kept, gone, merged, leads, conversations)
		select m.id, to_jsonb(c), to_jsonb(c) || jsonb_build_object('id', m.gone_id), to_jsonb(c), '{}', '[]'
		from merge m, public.contacts c
		where c.id = ${ids.contact}`;
	await sql`insert into public.contacts (id, tenant_id, name) values (${ids.double}, ${tenant_id}, 'Maria')`;
	await sql`
		insert into public.conversations (
			id, tenant_id, contact_id, channel_id, assignee_id, team_id, last_seq, unread_count, window_expires_at, tag_ids
		)
		values (
			${ids.thread}, ${tenant_id}, ${ids.contact}, ${channel_id}, ${assignee},
			${thread === 'team' ? uuid(`${company} team`) : null}, 3, 1, now() + interval '1 day', array[${uuid(`${company} tag`)}::uuid]
		)`;
	await sql`
		insert into public.messages (
			id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, external_id, client_id, status
		)
		values
			(${ids.question}, ${tenant_id}, ${ids.thread}, ${ids.contact}, ${channel_id}, 1, 'in', 'contact', 'text', '{}', 'Oi?', ${ids.question}, null, 'received'),
			(${ids.answer}, ${tenant_id}, ${ids.thread}, ${ids.contact}, ${channel_id}, 2, 'out', 'agent', 'text', '{}', 'Oi!', null, ${ids.answer}, 'failed')`;
	await sql`
		insert into public.messages (
			id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, body, client_id, status, is_private
		)
		values (
			${ids.note}, ${tenant_id}, ${ids.thread}, ${ids.contact}, ${channel_id}, 3, 'out', 'agent', ${uuid(STAFF[company].supervisor)},
			'note', '{"kind": "note", "text": "Cliente antigo"}', 'Cliente antigo', ${ids.note}, 'sent', true
		)`;
	await sql`
		insert into public.participants (tenant_id, conversation_id, user_id)
		values (${tenant_id}, ${ids.thread}, ${uuid(STAFF[company].supervisor)})`;
	await sql`
		insert into public.scheduled_messages (id, tenant_id, conversation_id, client_id, author_id, content, send_at)
		values (
			${ids.scheduled}, ${tenant_id}, ${ids.thread}, ${ids.scheduled}, ${uuid(STAFF[company].admin)},
			'{"kind": "text", "text": "Até amanhã!"}', now() + interval '1 day'
		)`;
	await sql`select private.keep_translation(${tenant_id}, ${ids.question}, 'en', 'pt', 'Hi?', 'test')`;
	await sql`select private.keep_summary(${tenant_id}, ${ids.thread}, 'pt', 'Disse oi.', null, 1, 'test')`;
	await sql`
		insert into private.client_keys (tenant_id, client_id, message_id, created_at)
		select tenant_id, client_id, id, created_at from public.messages where tenant_id = ${tenant_id} and id = ${ids.answer}`;
	await sql`
		insert into public.charges (
			tenant_id, message_id, message_created_at, channel_id, conversation_id, contact_id, author, category,
			amount, currency, occurred_at, charged_on, delivered_at
		)
		values (
			${tenant_id}, ${ids.answer}, now(), ${channel_id}, ${ids.thread}, ${ids.contact}, 'agent', 'service',
			0.0068, 'USD', now(), current_date, now()
		)`;
	await sql`
		with run as (
			insert into public.flow_runs (tenant_id, conversation_id, flow_id, version_id, pins, cursor, owner_epoch, status, outcome, ended_at)
			values (${tenant_id}, ${ids.thread}, ${uuid(`${company} flow`)}, ${uuid(`${company} flow_version`)}, '{}', 0, 0, 'ended', 'completed', now())
			returning id
		),
		step as (
			insert into public.flow_steps (tenant_id, run_id, number, flow_id, node, at)
			select ${tenant_id}, id, 1, ${uuid(`${company} flow`)}, 's', now() from run
		)
		insert into public.flow_results (tenant_id, run_id, conversation_id, kind, content)
		select ${tenant_id}, id, ${ids.thread}, 'csat', '{"score": 5}' from run`;
	await sql`
		insert into public.flow_replay_conversations (tenant_id, replay_id, number, conversation_id, started_at)
		select ${tenant_id}, ${uuid(`${company} flow_replay`)}, count(*) + 1, ${ids.thread}, now()
		from public.flow_replay_conversations where tenant_id = ${tenant_id}`;
	await sql`
		insert into public.contact_facts (id, tenant_id, contact_id, text, key)
		values (${ids.fact}, ${tenant_id}, ${ids.contact}, 'Prefere de manhã', 'manha')`;
	await sql`
		insert into public.ai_calls (tenant_id, conversation_id, purpose, model, prompt)
		values (${tenant_id}, ${ids.thread}, 'suggest', 'prosa-simulator', 'reply/1+agent/1')`;
	await sql`
		insert into public.ai_turns (id, tenant_id, conversation_id, agent_id, version_id, outcome)
		values (${ids.ai_turn}, ${tenant_id}, ${ids.thread}, ${uuid(`${company} ai_agent`)}, ${uuid(`${company} ai_version`)}, 'answered')`;
	await sql`
		insert into public.leads (tenant_id, contact_id, conversation_id, title, temperature, source)
		select tenant_id, contact_id, id, 'Plano', 'warm', 'flow' from public.conversations where id = ${ids.thread}`;
	await sql`
		insert into public.automation_runs (tenant_id, rule_id, conversation_id, trigger, outcome)
		values (${tenant_id}, ${uuid(`${company} rule`)}, ${ids.thread}, 'message_received', 'done')`;
	await sql`
		with answer as (select * from public.messages where tenant_id = ${tenant_id} and id = ${ids.answer}),
		attempt as (
			insert into public.message_attempts (tenant_id, message_id, message_created_at)
			select tenant_id, id, created_at from answer
		)
		insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at)
		select tenant_id, id, created_at, 'failed', now() from answer`;
}

/** A file and a thumbnail of every question, an upload sent with every answer, an upload of everybody's not sent yet, and their pictures. */
async function arrangeFiles(sql: Sql, company: Company): Promise<void> {
	for (const thread of THREADS) {
		const { question, answer } = threadIds(company, thread);
		for (const [message, path] of [
			[question, filePath(company, thread, 'file')],
			[question, filePath(company, thread, 'thumbnail')],
			[answer, filePath(company, thread, 'sent')]
		] as const) {
			await sql`insert into storage.objects (bucket_id, name) values ('media', ${path})`;
			await sql`
				insert into private.media_files (path, message_id, tenant_id, message_created_at)
				select ${path}, m.id, m.tenant_id, m.created_at
				from public.messages m
				where m.tenant_id = ${uuid(company)} and m.id = ${message}`;
		}
	}
	for (const role of ROLES) {
		await sql`insert into storage.objects (bucket_id, name) values ('media', ${draftPath(company, role)})`;
		for (const part of ['shown', 'draft'] as const)
			await sql`insert into storage.objects (bucket_id, name) values ('avatars', ${avatarPath(company, role, part)})`;
		await sql`
			update public.memberships set avatar = ${avatarPath(company, role, 'shown')}
			where tenant_id = ${uuid(company)} and user_id = ${uuid(STAFF[company][role])}`;
	}
}

/** A notification, a preference, settings and a device of everybody's. */
async function arrangeTelling(sql: Sql, company: Company): Promise<void> {
	for (const role of ROLES) {
		const [tenant, person] = [uuid(company), uuid(STAFF[company][role])];
		await sql`
			insert into public.notifications (tenant_id, user_id, type, conversation_id)
			values (${tenant}, ${person}, 'rule', ${threadIds(company, 'nobody').thread})`;
		await sql`
			insert into public.notification_preferences (tenant_id, user_id, type, in_app, sound, push, digest)
			values (${tenant}, ${person}, 'rule', true, true, true, true)`;
		await sql`insert into public.notification_settings (tenant_id, user_id) values (${tenant}, ${person})`;
		await sql`
			insert into private.push_subscriptions (tenant_id, user_id, endpoint, p256dh, auth)
			values (${tenant}, ${person}, ${`https://push.test/${company}/${role}`}, ${'A'.repeat(87)}, ${'A'.repeat(22)})`;
	}
}
