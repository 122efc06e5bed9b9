import type { TransactionSql } from 'postgres';

/** When the demo companies answer: the bakery early and on Sundays, the workshop with a break at noon. */
const WEEKS: Record<string, Record<string, [string, string][]>> = {
	padaria: {
		...weekdays([['06:00', '20:00']]),
		6: [['06:00', '20:00']],
		7: [['06:00', '13:00']]
	},
	oficina: {
		...weekdays([
			['08:00', '12:00'],
			['13:00', '18:00']
		]),
		6: [['08:00', '12:00']]
	}
};

/** Hours, promises and the national holidays of this year and the next. Away messages are written, and off: a demo runs at any hour. */
export async function insertHours(sql: TransactionSql, tenantId: string, slug: string, now: Date): Promise<void> {
	await sql`
		insert into public.business_hours ${sql({
			tenant_id: tenantId,
			week: sql.json(WEEKS[slug] ?? weekdays([['08:00', '18:00']])) as never,
			away_message: 'Olá! Agora estamos fechados. Assim que abrirmos, respondemos você por aqui.',
			first_reply_minutes: 15,
			next_reply_minutes: 30,
			warning_minutes: 5
		})}`;
	for (const year of [now.getFullYear(), now.getFullYear() + 1]) {
		await sql`
			insert into public.holidays (tenant_id, day, name)
			select ${tenantId}, day, name from private.brazilian_holidays(${year}) where not optional`;
	}
}

function weekdays(spans: [string, string][]): Record<string, [string, string][]> {
	return Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, spans]));
}
