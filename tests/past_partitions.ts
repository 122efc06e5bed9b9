import type postgres from 'postgres';

/**
 * Makes the partitions of messages of so many months that are over, as the job made them in their time. `sql` is a
 * superuser's. What a seed put into months without a partition moves to its own, and nothing is told of it.
 */
export async function makePastPartitions(sql: postgres.Sql, months: number): Promise<void> {
	await sql`
		do $$
		declare
			v_month date;
			v_name text;
		begin
			set local session_replication_role = replica;
			for back in 1 .. ${sql.unsafe(String(months))} loop
				v_month := date_trunc('month', now()) - make_interval(months => back);
				v_name := 'messages_' || to_char(v_month, 'YYYYMM');
				create temporary table lifted on commit drop as
					select * from public.messages_default
					where created_at >= v_month::timestamptz and created_at < v_month + interval '1 month';
				delete from public.messages_default m using lifted l where m.id = l.id and m.created_at = l.created_at;
				execute format(
					'create table public.%I partition of public.messages for values from (%L) to (%L)',
					v_name, v_month::timestamptz, (v_month + interval '1 month')::timestamptz
				);
				execute format('alter table public.%I owner to postgres', v_name);
				perform private.guard_partition(v_name);
				insert into public.messages select * from lifted;
				drop table lifted;
			end loop;
		end;
		$$`;
}
