import type postgres from 'postgres';

/** What is loaded for one company beside smaller ones. */
export interface SearchVolume {
	tenantId: string;
	smallTenantId: string;
	conversations: number;
	messages: number;
	/** Some of the agents, each in one team of twenty. */
	agentIds: string[];
}

const months = 12;
const agents = 500;

/**
 * Loads a company with `messages` messages over twelve months, and five smaller ones with a fiftieth each. Words are
 * drawn from 20,000 with the frequencies of a language: the commonest stands in every fifth message, most in hardly any.
 * Rows are written as they came, oldest first. Triggers and foreign keys are off meanwhile: what is measured is reading.
 */
export async function fillSearch(
	sql: postgres.Sql,
	{ conversations, messages }: { conversations: number; messages: number }
): Promise<SearchVolume> {
	const companies = ['busca', 'busca-1', 'busca-2', 'busca-3', 'busca-4', 'busca-5'];
	await sql`set session_replication_role = replica`;
	await sql`set synchronous_commit = off`;
	await sql`set maintenance_work_mem = '512MB'`;
	for (const [index, slug] of companies.entries()) {
		await sql`insert into public.tenants (id, name, slug) values (md5(${slug})::uuid, ${slug}, ${slug})`;
		await sql`
			insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
			values (md5(${`${slug} channel`})::uuid, md5(${slug})::uuid, 'whatsapp', ${slug}, ${`90000${index}`}, ${`80000${index}`}, '551130030001')`;
	}
	await sql`
		insert into auth.users (id, aud, role, email)
		select md5('busca agent ' || n)::uuid, 'authenticated', 'authenticated', 'busca' || n || '@example.test' from generate_series(0, ${agents}) n`;
	await sql`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		select md5('busca')::uuid, md5('busca agent ' || n)::uuid, (case n when 0 then 'supervisor' else 'agent' end)::public.member_role, 'Agente ' || n
		from generate_series(0, ${agents}) n`;
	await sql`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		values (md5('busca-1')::uuid, md5('busca agent 0')::uuid, 'supervisor', 'Agente 0')`;
	await sql`
		insert into public.teams (id, tenant_id, name)
		select md5('busca team ' || n)::uuid, md5('busca')::uuid, 'Time ' || n from generate_series(0, 19) n`;
	await sql`
		insert into public.team_members (tenant_id, team_id, user_id)
		select md5('busca')::uuid, md5('busca team ' || n % 20)::uuid, md5('busca agent ' || n)::uuid from generate_series(1, ${agents}) n`;
	await makePastPartitions(sql);

	for (const [index, slug] of companies.entries()) {
		const share = index === 0 ? 1 : 0.02;
		await fillCompany(sql, slug, Math.round(conversations * share), Math.round(messages * share));
	}
	await sql`vacuum (analyze) public.contacts, public.contact_identities, public.conversations, public.messages`;
	await sql`set session_replication_role = origin`;

	const ids = await sql<{ tenant: string; small: string; agents: string[] }[]>`
		select md5('busca')::uuid as tenant, md5('busca-1')::uuid as small, array(select md5('busca agent ' || n)::uuid from generate_series(0, 40) n) as agents`;
	const [row] = ids;
	if (!row) throw new Error('nothing was loaded');
	return { tenantId: row.tenant, smallTenantId: row.small, conversations, messages, agentIds: row.agents };
}

async function fillCompany(sql: postgres.Sql, slug: string, conversations: number, messages: number): Promise<void> {
	const first = ['Maria', 'José', 'Ana', 'João', 'Antônio', 'Francisca', 'Carlos', 'Conceição', 'Paulo', 'Lúcia'];
	const last = ['Silva', 'Souza', 'Costa', 'Santos', 'Oliveira', 'Pereira', 'Araújo', 'Gonçalves', 'Brandão', 'Leão'];
	await sql`
		insert into public.contacts (id, tenant_id, name, phone)
		select md5(${slug} || ' contact ' || n)::uuid, md5(${slug})::uuid,
			(${first}::text[])[1 + n % 10] || ' ' || initcap(substr(md5(n::text), 1, (1 + n % 7)::integer)) || ' ' || (${last}::text[])[1 + n / 10 % 10],
			'55119' || lpad((n * 7919 % 100000000)::text, 8, '0')
		from generate_series(1, ${conversations}::bigint) n`;
	await sql`
		insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
		select c.tenant_id, c.id, 'phone', c.phone, c.phone from public.contacts c where c.tenant_id = md5(${slug})::uuid
		on conflict do nothing`;
	await sql`
		insert into public.conversations (
			id, tenant_id, contact_id, channel_id, assignee_id, team_id, status, closed_at, last_seq, read_seq, last_message_at, created_at
		)
		select
			md5(${slug} || ' conversation ' || n)::uuid, md5(${slug})::uuid, md5(${slug} || ' contact ' || n)::uuid, md5(${`${slug} channel`})::uuid,
			case when n % 20 > 1 then md5('busca agent ' || 1 + n % ${agents})::uuid end,
			case when n % 20 > 0 then md5('busca team ' || n % 20)::uuid end,
			(case when n % 10 = 0 then 'open' else 'closed' end)::public.conversation_status, case when n % 10 > 0 then now() end,
			${Math.ceil(messages / conversations)}, 0, now() - n % 365 * interval '1 day', now() - interval '1 year'
		from generate_series(1, ${conversations}::bigint) n`;
	await sql`
		insert into public.messages (
			tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, client_id, status, sent_at, created_at
		)
		select
			md5(${slug})::uuid, md5(${slug} || ' conversation ' || n % ${conversations} + 1)::uuid, md5(${slug} || ' contact ' || n % ${conversations} + 1)::uuid,
			md5(${`${slug} channel`})::uuid, 1 + n / ${conversations},
			(case when n % 2 = 0 then 'out' else 'in' end)::public.message_direction,
			(case when n % 2 = 0 then 'agent' else 'contact' end)::public.message_author, 'text', '{}', t.body,
			case when n % 2 = 0 then gen_random_uuid() end, (case when n % 2 = 0 then 'read' else 'received' end)::public.message_status, a.at, a.at
		from generate_series(1, ${messages}::bigint) n
		cross join lateral (select now() - interval '360 days' + interval '360 days' * (n::float8 / ${messages})) a (at)
		cross join lateral (
			select string_agg(
				case
					when w.k <= 12 then ('{bom,dia,obrigado,pedido,entrega,quero,valor,bolo,pão,hoje,promoção,endereço}'::text[])[w.k]
					else translate(substr(md5(w.k::text), 1, 5 + w.k % 5), '0123456789', 'aeiourstlm')
				end, ' '
			) || case when n % 50 = 0 then ' (11) 9' || 1000 + n % 8999 || '-' || 1000 + n * 7 % 8999 else '' end
			from (select 1 + floor(20000 * power(random(), 3))::integer + 0 * i from generate_series(1, (4 + n % 7)::integer) i) w (k)
		) t (body)`;
}

/** Months that the job made in its time. */
async function makePastPartitions(sql: postgres.Sql): Promise<void> {
	await sql`
		do $$
		declare
			v_month date;
			v_name text;
		begin
			for back in 1 .. ${sql.unsafe(String(months))} loop
				v_month := date_trunc('month', now()) - make_interval(months => back);
				v_name := 'messages_' || to_char(v_month, 'YYYYMM');
				execute format(
					'create table public.%I partition of public.messages for values from (%L) to (%L)',
					v_name, v_month::timestamptz, (v_month + interval '1 month')::timestamptz
				);
				execute format('alter table public.%I owner to postgres', v_name);
				perform private.guard_partition(v_name);
			end loop;
		end;
		$$`;
}
