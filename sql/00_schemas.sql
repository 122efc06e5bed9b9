/*
 * Three schemas, three audiences:
 *
 *   public    what a signed-in person may touch: tables under row-level security and the functions
 *             the browser calls. Exposed by PostgREST and Realtime.
 *   private   what only the database, the door and the workers touch: helpers behind policies,
 *             trigger functions, credentials, queues. Never exposed.
 *   reporting what analysts read in plain SQL. Views only.
 *
 * `auth`, `storage` and `realtime` are Supabase's own: we read them and add policies, nothing else.
 */

create schema private;
create schema reporting;

-- Nothing is touchable until a file says so: a hosted project grants everything in `public` by default.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

/*
 * Five processes stand outside and connect as roles of their own, never as superuser and never with
 * the service key. Their passwords are set by whoever runs them (`alter role … password …`).
 *
 *   prosa_door    the edge functions: may hand in what arrived, and read the secrets that prove who sent it
 *   prosa_worker  graphile-worker: may run the job queue, and call the few functions a task needs
 *   prosa_channels  the edge function that connects numbers: may write a channel and its secrets, in a named person's name
 *   prosa_modules  the edge function that takes integrations' forms: may write these, their secrets and a company's AI key, in a named person's name
 *   prosa_ai        the edge function that asks a model for people: may read what one of them may, and count what it costs
 */
do $$
declare
  v_role text;
begin
  foreach v_role in array array['prosa_door', 'prosa_worker', 'prosa_channels', 'prosa_modules', 'prosa_ai'] loop
    if to_regrole(v_role) is null then
      execute format('create role %I login noinherit', v_role);
    end if;
    -- Where a hosted project gives the functions one login only, they step down to this role.
    execute format('grant %I to postgres', v_role);
  end loop;
end;
$$;

grant usage on schema private to authenticated, service_role, prosa_door, prosa_worker, prosa_channels, prosa_modules, prosa_ai;
grant usage on schema public to prosa_door, prosa_worker, prosa_channels, prosa_modules, prosa_ai;

/*
 * Raises a catalogue code as an HTTP status of PostgREST's: `perform private.refuse(404, 'conversation_not_found')`.
 * `detail` is for developers; the sentence a person reads is found by the code (core/src/errors).
 */
create function private.refuse(status integer, code text, detail text default null)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || status,
    message = code,
    detail = coalesce(detail, '');
end;
$$;

/* Keeps `updated_at` at the moment of the write, not of its transaction's start: cursors rely on it. */
create function private.tg_touch()
  returns trigger
  language plpgsql
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end;
$$;
