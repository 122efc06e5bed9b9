/*
 * Who changed what, and when. Written by triggers in the transaction of the change, so that one
 * cannot be without the other. Nobody may write or alter it by hand. A conversation's traffic is not
 * audited (messages are their own record): its status, assignee, team and owner are.
 */

create table public.audit_log (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  -- Null: not a signed-in person, but the door, a worker or the platform.
  actor_id uuid,
  action text not null check (action in ('insert', 'update', 'delete')),
  table_name text not null,
  row_id text not null,
  -- Only the columns that changed.
  before jsonb,
  after jsonb,
  created_at timestamptz not null default clock_timestamp()
);

comment on table public.audit_log is 'Who changed what, and when. Append-only.';

create index on public.audit_log (tenant_id, created_at desc);
create index on public.audit_log (tenant_id, table_name, row_id, id desc);

alter table public.audit_log enable row level security;

create policy select_auditor on public.audit_log
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('audit.read'))));

grant select on public.audit_log to authenticated;

/* Writes one audit row. Arguments: the column that names the tenant, the column or columns that name the row. */
create function private.tg_audit()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  -- Clocks and counters of a thread: every change moves them. How far somebody is in getting to know the product is theirs.
  c_unsaid constant text[] := '{updated_at,last_seq,read_seq,onboarding}';
  v_before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - c_unsaid end;
  v_after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - c_unsaid end;
  v_row jsonb := coalesce(v_after, v_before);
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, v_after -> b.key)
    into v_before, v_after
    from jsonb_each(v_before) b
    where b.value is distinct from v_after -> b.key;
    if v_before is null then
      return null;
    end if;
  end if;

  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, before, after)
  values (
    (v_row ->> tg_argv[0])::uuid,
    auth.uid(),
    lower(tg_op),
    tg_table_name,
    v_row ->> tg_argv[1],
    v_before,
    v_after
  );
  return null;
end;
$$;

create trigger _800_audit
  after insert or update or delete on public.tenants
  for each row
  execute function private.tg_audit('id', 'id');

create trigger _800_audit
  after insert or update or delete on public.memberships
  for each row
  execute function private.tg_audit('tenant_id', 'user_id');

create trigger _800_audit
  after insert or delete on public.invitations
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_update
  after update on public.invitations
  for each row
  when (
    old.closed_at is distinct from new.closed_at
    or old.role is distinct from new.role
    or old.role_id is distinct from new.role_id
    or old.expires_at <> new.expires_at
  )
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.roles
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.channels
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or delete on public.templates
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_update
  after update on public.templates
  for each row
  when (
    old.status <> new.status
    or old.draft is distinct from new.draft
    or old.work is distinct from new.work
    or old.category is distinct from new.category
    or old.components is distinct from new.components
  )
  execute function private.tg_audit('tenant_id', 'id');

-- The ledger writes itself; what is audited is a price that changes after it was written.
create trigger _800_audit
  after update on public.charges
  for each row
  when (old.amount is distinct from new.amount and old.created_at < now())
  execute function private.tg_audit('tenant_id', 'message_id');

create trigger _800_audit
  after insert or update or delete on public.business_hours
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.holidays
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.teams
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.canned_responses
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.tags
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or delete on public.team_members
  for each row
  execute function private.tg_audit('tenant_id', 'user_id');

create trigger _800_audit
  after insert or update or delete on public.attribute_definitions
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.agent_skills
  for each row
  execute function private.tg_audit('tenant_id', 'user_id');

-- What people say; who came and went stands in availability_periods.
create trigger _800_audit
  after update of wanted on public.agent_availability
  for each row
  when (old.wanted <> new.wanted)
  execute function private.tg_audit('tenant_id', 'user_id');

create trigger _800_audit
  after insert or update or delete on public.macros
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.automation_rules
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.owner <> new.owner
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.contact_id <> new.contact_id
  )
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_delete
  after delete on public.conversations
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after delete on public.contacts
  for each row
  execute function private.tg_audit('tenant_id', 'id');

-- What a person has written of a contact; the provider's names and numbers are its own record.
create trigger _800_audit_update
  after update on public.contacts
  for each row
  when (
    old.email is distinct from new.email
    or old.language is distinct from new.language
    or old.attributes <> new.attributes
    or (old.name <> new.name and new.name_at is null)
  )
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert on public.consent_events
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_identity
  after update of contact_id on public.contact_identities
  for each row
  when (old.contact_id <> new.contact_id)
  execute function private.tg_audit('tenant_id', 'value');

create trigger _800_audit
  after insert or update on public.contact_merges
  for each row
  execute function private.tg_audit('tenant_id', 'id');

-- Private filters are nobody's business.
create trigger _800_audit
  after insert on public.saved_filters
  for each row
  when (new.is_shared)
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_change
  after update or delete on public.saved_filters
  for each row
  when (old.is_shared)
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or delete on public.flows
  for each row
  execute function private.tg_audit('tenant_id', 'id');

-- Drafts are saved as somebody draws; what is published stands in its version.
create trigger _800_audit_update
  after update on public.flows
  for each row
  when (old.name <> new.name or old.published_version_id is distinct from new.published_version_id)
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or delete on public.flow_triggers
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.flow_variables
  for each row
  execute function private.tg_audit('tenant_id', 'name');

create trigger _800_audit
  after insert or delete on public.tenant_modules
  for each row
  execute function private.tg_audit('tenant_id', 'id');

-- What a test found is no change of somebody's.
create trigger _800_audit_update
  after update on public.tenant_modules
  for each row
  when (old.name <> new.name or old.enabled <> new.enabled or old.configuration <> new.configuration)
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.leads
  for each row
  execute function private.tg_audit('tenant_id', 'id');
