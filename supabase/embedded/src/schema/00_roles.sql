-- The roles and schemas a hosted project is born with. May run again at any time; roles belong to the whole server,
-- everything else to one database.

do $$
declare
  logins constant text[] := array['postgres', 'authenticator', 'supabase_auth_admin', 'supabase_storage_admin', 'supabase_replication_admin'];
  others constant text[] := array['anon', 'authenticated', 'service_role', 'supabase_realtime_admin', 'dashboard_user'];
  name text;
begin
  foreach name in array logins loop
    if to_regrole(name) is null then
      execute format('create role %I login password %L', name, current_setting('scaffold.password'));
    end if;
  end loop;
  foreach name in array others loop
    if to_regrole(name) is null then
      execute format('create role %I nologin', name);
    end if;
  end loop;
end $$;

-- No superuser: what works here works on a hosted project.
alter role postgres createdb createrole replication bypassrls;
alter role service_role bypassrls;
alter role authenticator noinherit;
alter role supabase_auth_admin noinherit createrole;
alter role supabase_storage_admin noinherit createrole;
alter role supabase_replication_admin noinherit replication;
alter role dashboard_user createdb createrole replication;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to supabase_storage_admin;
grant anon, authenticated, service_role to supabase_replication_admin;
grant anon, authenticated, service_role to postgres with admin option;
grant authenticator to postgres with admin option;
-- Owners of the tables that projects write policies for.
grant supabase_realtime_admin, supabase_storage_admin to postgres;
grant pg_monitor, pg_read_all_data, pg_signal_backend, pg_create_subscription to postgres;
grant pg_monitor, pg_read_all_data to dashboard_user;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';
alter role supabase_storage_admin set search_path = storage;

do $$
begin
  execute format('alter database %I owner to postgres', current_database());
end $$;

create schema if not exists auth authorization supabase_auth_admin;
create schema if not exists storage authorization supabase_storage_admin;
create schema if not exists realtime;
create schema if not exists extensions authorization postgres;
create schema if not exists graphql_public;

grant usage on schema extensions to public, anon, authenticated, service_role, dashboard_user;
grant create on schema extensions to dashboard_user;

create extension if not exists pgcrypto with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;
