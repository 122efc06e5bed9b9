import type { TransactionSql } from 'postgres';

/** What stands in the bell of whoever answers: the newest conversations given to them, two not read yet, and a mention. */
export async function seedNotifications(sql: TransactionSql, tenantId: string): Promise<void> {
	await sql`
		insert into public.notifications (tenant_id, user_id, type, conversation_id, actor_id, created_at, read_at, mailed_at)
		select
			c.tenant_id,
			c.assignee_id,
			case when c.place = 2 then 'mentioned' else 'assigned' end,
			c.id,
			(
				select m.user_id
				from public.memberships m
				where m.tenant_id = c.tenant_id
					and m.role = 'supervisor'
				limit 1
			),
			now() - c.place * interval '47 minutes',
			case when c.place > 2 then now() - interval '20 minutes' end,
			-- Nobody is mailed of what the demo begins with.
			now()
		from (
			select *, row_number() over (partition by assignee_id order by last_message_at desc, id) as place
			from public.conversations
			where tenant_id = ${tenantId}
				and assignee_id is not null
				and status = 'open'
		) c
		where c.place <= 5`;
}
