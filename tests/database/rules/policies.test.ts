import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { namesOf, rule } from './rule.ts';

const database = useDatabase();

/** Every policy of ours, with what it asks as text. */
const policies = `(
	select
		p.oid,
		p.polrelid,
		p.polrelid::regclass || ' ' || p.polname as name,
		p.polname,
		p.polcmd,
		p.polroles,
		p.polpermissive,
		c.relnamespace = 'public'::regnamespace as is_public,
		concat_ws(' and ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as asks
	from pg_policy p
	join pg_class c on c.oid = p.polrelid
	where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
		or c.oid in ('realtime.messages'::regclass, to_regclass('storage.objects'), to_regclass('storage.buckets'))
) p`;

rule(database, 'a policy names whom it is for: signed-in people', {
	offenders: `select p.name from ${policies} where p.polroles <> array['authenticated'::regrole::oid]`,
	breach: 'create policy select_all on public.contacts for select using (true)'
});

rule(database, 'a policy widens, by one verb, and says so in its name', {
	offenders: `
		select p.name
		from ${policies}
		where not p.polpermissive
			or p.polname !~ ('^' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'none' end || '_[a-z_]+$')`,
	breach: `create policy people on public.contacts to authenticated
		using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))))`
});

// select_self: whoever may not see the other members still finds their own membership.
rule(database, 'every policy asks for the tenant', {
	offenders: `
		select p.name
		from ${policies}
		where p.is_public
			and p.name <> 'memberships select_self'
			and p.asks !~ 'my_tenant_ids'`,
	breach:
		'create policy select_mine on public.conversations for select to authenticated using (assignee_id = (select auth.uid()))'
});

rule(database, 'every policy computes what is mine once a statement, never once a row', {
	offenders: `
		select p.name
		from ${policies}
		where p.is_public
			and regexp_replace(
				-- The two shapes that the planner computes once.
				regexp_replace(
					p.asks,
					'ANY \\(ARRAY\\( SELECT private\\.my_(tenant|team)_ids\\([^()]*\\)[^()]*\\)\\)', '', 'g'
				),
				'\\( SELECT auth\\.uid\\(\\) AS uid\\)', '', 'g'
			) ~ '[a-z_]+\\('`,
	breach: `create policy select_slow on public.contacts for select to authenticated
		using (private.may(tenant_id, 'contacts.read'))`
});

rule(database, 'no policy asks the tenants in a shape that runs them against every row', {
	offenders: `
		select p.name
		from ${policies}
		where p.asks ~ 'my_(tenant|team)_ids'
			and regexp_count(p.asks, 'my_(tenant|team)_ids\\(') <> regexp_count(p.asks, 'ANY \\(ARRAY\\( SELECT \\(?private\\.my_(tenant|team)_ids\\(')`,
	breach: `create policy select_in on public.contacts for select to authenticated
		using (tenant_id in (select private.my_tenant_ids('contacts.read')))`
});

rule(database, 'a permission that a policy or function asks for exists', {
	offenders: `
		with asked as (
			select p.name, p.asks as text
			from ${policies}
			union all
			select f.oid::regprocedure::text, f.prosrc
			from pg_proc f
			where f.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
		)
		select asked.name || ': ' || found.match[1]
		from asked
		cross join lateral regexp_matches(
			asked.text,
			'(?:my_tenant_ids\\(|may\\([a-z_0-9$.]+, |lock_conversation\\([a-z_]+, )''([^'']+)''', 'g'
		) found (match)
		where found.match[1] not in (select name from private.permissions)`,
	breach: `create policy select_typo on public.contacts for select to authenticated
		using (tenant_id = any (array(select private.my_tenant_ids('contact.read'))))`
});

test('the planner sees to it: what is mine stands before the scan of every table', async () => {
	const tables = await namesOf(
		database.owner,
		`select distinct p.polrelid::regclass from ${policies} where p.is_public`
	);
	expect(tables.length).toBeGreaterThan(10);

	for (const table of tables) {
		const plan = await database.as('caio', (sql) =>
			sql.unsafe(`explain (verbose) select * from public.${table}`).values()
		);
		const filters = plan
			.map(([line]) => String(line))
			.filter((line) => /^\s*(Filter|Index Cond|Recheck Cond):/.test(line));
		expect(filters.join('\n'), table).not.toMatch(/my_tenant_ids|my_team_ids|auth\.uid/);
	}
});
