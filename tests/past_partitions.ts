import type postgres from 'postgres';

/** Makes the partitions of messages of so many months that are over, as the job made them in their time. */
export async function makePastPartitions(sql: postgres.Sql, months: number): Promise<void> {
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
