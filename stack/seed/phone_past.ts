import postgres from 'postgres';
import { demoCustomers, userIdFor } from '../../simulators/whatsapp/src/state/customer.ts';
import { demoTenants } from './demo.ts';

interface Said {
	id: string | null;
	direction: 'in' | 'out';
	text: string;
	at: Date;
}

/**
 * Shows on the simulator's phone what its people and the companies have written to one another in the seeded weeks, so
 * that phone and inbox begin with one past. Texts only; it sends no webhooks.
 */
export async function showPast(dbUrl: string, simulatorUrl: string): Promise<void> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		for (const { channel } of demoTenants) {
			for (const customer of demoCustomers().filter(({ on_whatsapp }) => on_whatsapp)) {
				const messages = await said(sql, channel.phone_number_id, userIdFor(customer, channel.waba_id));
				if (messages.length === 0) continue;
				const response = await fetch(`${simulatorUrl}/_simulator/history`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ phone_number_id: channel.phone_number_id, from: customer.id, messages })
				});
				if (!response.ok) throw new Error(`the simulator did not take the seeded past: ${await response.text()}`);
			}
		}
	} finally {
		await sql.end();
	}
}

async function said(sql: postgres.Sql, phoneNumberId: string, bsuid: string): Promise<Omit<Said, 'id'>[]> {
	const rows = await sql<Said[]>`
		select m.external_id as id, m.direction, m.body as text, m.sent_at as at
		from public.channels h
		join public.contact_identities i on i.tenant_id = h.tenant_id and i.kind = 'bsuid' and i.value = ${bsuid}
		join public.conversations c on c.tenant_id = h.tenant_id and c.contact_id = i.contact_id
		join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
		where h.phone_number_id = ${phoneNumberId} and m.kind = 'text' and m.body <> ''
		order by m.sent_at desc
		limit 200`;
	return rows.toReversed().map(({ id, ...rest }) => (id === null ? rest : { id, ...rest }));
}
