import type { TransactionSql } from 'postgres';
import { withoutBroadcasts } from './insert.ts';

/** Of those who wait, one has waited past what was promised, and one nearly: whatever the hour the demo is made at. */
export async function seedPromises(sql: TransactionSql, tenantId: string): Promise<void> {
	await withoutBroadcasts(sql, ['conversations'], async () => {
		await sql`
		update public.conversations c
		set sla_due_at = now() + case when w.place = 1 then interval '-12 minutes' else interval '9 minutes' end
		from (
			select o.id, row_number() over (order by o.waiting_since, o.id) as place
			from public.conversations o
			where o.tenant_id = ${tenantId}
				and o.folder = 'open'
				and o.waiting_since is not null
		) w
		where c.id = w.id
			and w.place <= 2`;
	});
}
