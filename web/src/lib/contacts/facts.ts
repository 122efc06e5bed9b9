import type { Client } from '#lib/auth/client.ts';
import type { Row } from '../database.ts';

export type ContactFact = Row<'contact_facts'>;

/** What is known of a contact, the newest first. Throws what the database answers. */
export async function factsOf(client: Client, tenantId: string, contactId: string): Promise<ContactFact[]> {
	const { data } = await client
		.from('contact_facts')
		.select()
		.eq('tenant_id', tenantId)
		.eq('contact_id', contactId)
		.order('created_at', { ascending: false })
		.limit(60)
		.throwOnError();
	return data;
}

/** Writes a fact down, or corrects one. Throws what the database refuses. */
export async function saveFact(client: Client, contactId: string, factId: string | null, text: string): Promise<void> {
	await client.rpc('save_contact_fact', { contact_id: contactId, fact_id: factId, text }).throwOnError();
}

/** Erases a fact, or brings it back. Throws what the database refuses. */
export async function eraseFact(client: Client, factId: string, erased: boolean): Promise<void> {
	await client.rpc('erase_contact_fact', { fact_id: factId, erased }).throwOnError();
}
