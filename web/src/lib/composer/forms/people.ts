import type { Client } from '#lib/auth/client.ts';
import type { Contact } from '#lib/database.ts';

export type FoundPerson = Pick<Contact, 'id' | 'name' | 'username' | 'phone'>;

/** The tenant's contacts whose name or number holds what was typed; those met last where nothing was. */
export async function findPeople(client: Client, tenantId: string, typed: string): Promise<FoundPerson[]> {
	// Percent, comma, quotes and brackets have a meaning in the filter; names don't need them.
	const words = typed.replace(/[%_,"\\()*]/g, ' ').trim();
	const digits = typed.replace(/\D/g, '');
	let query = client.from('contacts').select('id, name, username, phone').eq('tenant_id', tenantId);
	if (words !== '') {
		const parts = [`name.ilike."%${words}%"`, `username.ilike."%${words}%"`];
		if (digits.length >= 4) parts.push(`phone.like."%${digits}%"`);
		query = query.or(parts.join(','));
	}
	const { data } = await query.order('created_at', { ascending: false }).limit(30).throwOnError();
	return data;
}
