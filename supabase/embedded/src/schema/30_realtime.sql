-- What Realtime owns: the messages that the database broadcasts, the functions that send them, and what the realtime
-- service needs to ask whether somebody may see a topic or a changed row. May run again at any time.

grant usage on schema realtime to postgres, anon, authenticated, service_role, supabase_realtime_admin;

-- The service makes and drops partitions, tries probe rows and rolls them back. Reading all data gives it nothing new:
-- whoever may replicate reads everything already.
grant usage, create on schema realtime to supabase_replication_admin;
grant supabase_realtime_admin, pg_read_all_data to supabase_replication_admin with inherit true;

-- messages: one row a broadcast, kept three days so that a client may ask for a replay -------------------------------

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  broadcasted_at timestamp, -- set on a row that was heard before it was stored: it isn't sent again
  primary key (id, inserted_at)
) partition by range (inserted_at);

create index if not exists messages_inserted_at_topic_index on realtime.messages (inserted_at desc, topic)
  where extension = 'broadcast' and private is true;

-- The service makes one partition a day ahead; what is sent while it is away lands here.
create table if not exists realtime.messages_default partition of realtime.messages default;

alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages_default owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;

grant select, insert, update on realtime.messages to postgres, anon, authenticated, service_role;
grant delete, truncate, references, trigger on realtime.messages to postgres;

-- The columns that travel to clients. Inserts alone: a partition that is dropped is no event.
do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime_messages_publication') then
    create publication supabase_realtime_messages_publication
      for table realtime.messages (topic, extension, payload, event, private, id, binary_payload, broadcasted_at)
      with (publish = 'insert', publish_via_partition_root = true);
  end if;
end $$;

-- sending ------------------------------------------------------------------------------------------------------------

-- The topic that is asked for, in a policy on realtime.messages.
create or replace function realtime.topic()
returns text
language sql
stable
as $$
  select nullif(current_setting('realtime.topic', true), '')::text;
$$;

-- Broadcasts an object to a topic when the transaction commits. A broadcast that fails is a warning and never costs the
-- transaction. Catching errors takes a subtransaction, and 64 of those in one transaction slow every snapshot of the
-- server, so it is done only where something can fail: under row security, or with a topic too long for an index. Measured
-- inside one transaction: 17 µs a call, of which the two indexes are 6; a hosted project's version takes 20.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void
language plpgsql
as $$
declare
  message_id constant uuid := gen_random_uuid();
begin
  if topic is null or payload is null or jsonb_typeof(payload) <> 'object' then
    raise warning 'ErrorSendingBroadcastMessage: a topic and a payload that is an object are needed';
    return;
  end if;
  if not payload ? 'id' then
    payload := payload || jsonb_build_object('id', message_id);
  end if;

  if octet_length(topic) <= 1000 and not row_security_active('realtime.messages'::regclass) then
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (message_id, payload, event, topic, private, 'broadcast');
    return;
  end if;

  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (message_id, payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end;
$$;

-- The same for bytes.
create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void
language plpgsql
as $$
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (binary_payload, event, topic, private, extension)
  values (payload, event, topic, private, 'broadcast');
exception when others then
  raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end;
$$;

-- For a row trigger: broadcasts what changed.
create or replace function realtime.broadcast_changes(
  topic_name text,
  event_name text,
  operation text,
  table_name text,
  table_schema text,
  new record,
  old record,
  level text default 'ROW'
)
returns void
language plpgsql
as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  if operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'Unexpected operation type: %', operation;
  end if;
  perform realtime.send(
    jsonb_build_object('old_record', old, 'record', new, 'operation', operation, 'table', table_name, 'schema', table_schema),
    event_name,
    topic_name
  );
exception when others then
  raise exception 'Failed to process the row: %', sqlerrm;
end;
$$;

-- postgres_changes: for the service alone ----------------------------------------------------------------------------

-- The replication stream names a transaction by 32 bits; the other 32 are those that bring it nearest to `near`.
create or replace function realtime.full_transaction_id(id bigint, near xid8)
returns xid8
language sql
immutable
as $$
  select (n + ((id - n + 2147483648) & 4294967295) - 2147483648)::text::xid8
  from (select near::text::bigint as n) as neighbour;
$$;

-- Everything one streamed change needs to know, in one call: the row as JSON column by column, which filters it passes,
-- and which of the claims may see it. `probe` runs as each of `roles` under its `claims`. The stream can be ahead of what
-- a snapshot sees, and a row not visible yet would look forbidden: so the transaction is waited for first.
create or replace function realtime.check_change(
  relation regclass,
  transaction_id bigint,
  new_row json,
  old_row json,
  filters text[],
  probe text,
  roles text[],
  claims text[]
)
returns table (columns text[], new_values text[], old_columns text[], old_values text[], passed boolean[], visible boolean[])
language plpgsql
as $$
declare
  row_type constant text := relation::text;
  to_columns constant text := format(
    'select array_agg(e.key order by e.n), array_agg(e.value::text order by e.n)
     from json_each(to_json(json_populate_record(null::%s, $1))) with ordinality as e (key, value, n)', row_type);
  subject constant json := coalesce(new_row, old_row);
  awaited constant xid8 := realtime.full_transaction_id(transaction_id, pg_snapshot_xmax(pg_current_snapshot()));
  answer boolean;
begin
  while not pg_visible_in_snapshot(awaited, pg_current_snapshot()) loop
    perform pg_sleep(0.0003);
  end loop;

  if new_row is not null then
    execute to_columns into columns, new_values using new_row;
  end if;
  if old_row is not null then
    execute to_columns into old_columns, old_values using old_row;
  end if;

  passed := '{}';
  for i in 1 .. cardinality(filters) loop
    begin
      execute format('select (%s) from json_populate_record(null::%s, $1) as r', filters[i], row_type) into answer using subject;
    exception when others then
      answer := false;
    end;
    passed := passed || coalesce(answer, false);
  end loop;

  visible := '{}';
  for i in 1 .. cardinality(roles) loop
    begin
      perform set_config('role', roles[i], true), set_config('request.jwt.claims', claims[i], true);
      execute probe into answer;
    exception when others then
      answer := false;
    end;
    perform set_config('role', 'none', true);
    visible := visible || coalesce(answer, false);
  end loop;
  return next;
end;
$$;

do $$
declare
  name text;
begin
  foreach name in array array[
    'topic()',
    'send(jsonb, text, text, boolean)',
    'send_binary(bytea, text, text, boolean)',
    'broadcast_changes(text, text, text, text, text, record, record, text)'
  ] loop
    execute format('alter function realtime.%s owner to supabase_realtime_admin', name);
  end loop;
end $$;

revoke execute on function realtime.full_transaction_id, realtime.check_change from public;
grant execute on function realtime.full_transaction_id, realtime.check_change to supabase_replication_admin;
