import { Logger, makeWorkerUtils } from 'graphile-worker';
import postgres from 'postgres';

/**
 * Installs or upgrades the job queue (schema `graphile_worker`) as the role of `dbUrl`, which should be the one that
 * runs the migrations: on a hosted project, `postgres`. May run at any time, before or after the migrations.
 *
 * The schema belongs to that role and not to the worker's, because functions of the database that run as their owner
 * call `graphile_worker.add_job`: a worker that owned it could put its own code in there and be `postgres`. The worker
 * gets the rows (the tables have row security on, hence the policies) and the functions, and can change neither.
 */
export async function installQueue(dbUrl: string): Promise<void> {
	const logger = new Logger(() => () => {});
	const utils = await makeWorkerUtils({ connectionString: dbUrl, logger, maxPoolSize: 1 });
	try {
		await utils.migrate();
	} finally {
		await utils.release();
	}
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		await sql.unsafe(grants);
	} finally {
		await sql.end();
	}
}

const grants = `
do $$
declare
  v_table name;
begin
  -- The migrations make the role just so; whichever comes first.
  if to_regrole('prosa_worker') is null then
    create role prosa_worker login noinherit;
  end if;

  grant usage on schema graphile_worker to prosa_worker;
  grant select, insert, update, delete on all tables in schema graphile_worker to prosa_worker;
  grant execute on all functions in schema graphile_worker to prosa_worker;
  revoke insert, update, delete on graphile_worker.migrations from prosa_worker;

  for v_table in
    select relname
    from pg_catalog.pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace
      and c.relrowsecurity
      and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname = 'all_worker')
  loop
    execute format(
      'create policy all_worker on graphile_worker.%I to prosa_worker using (true) with check (true)', v_table
    );
  end loop;
end;
$$;
`;

if (import.meta.main) {
	const url = process.env.SUPABASE_DB_URL;
	if (!url) {
		console.error('SUPABASE_DB_URL must hold the address of the database, as the role that runs the migrations.');
		process.exit(1);
	}
	await installQueue(url);
	console.log('The job queue is installed.');
}
