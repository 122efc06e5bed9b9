/** A page of the list with contact and channel, as the web asks for it through PostgREST. `where` and `order` speak of `c`. */
export const listSql = (tenantId: string, where: string, order = 'c.last_message_at desc, c.id desc', limit = 50) => `
	select c.*, row_to_json(contact), row_to_json(channel)
	from public.conversations c
	left join lateral (
		select p.id, p.name, p.username, p.phone, p.language, p.attributes
		from public.contacts p
		where p.tenant_id = c.tenant_id and p.id = c.contact_id
	) contact on true
	left join lateral (
		select h.id, h.name, h.type from public.channels h where h.tenant_id = c.tenant_id and h.id = c.channel_id
	) channel on true
	where c.tenant_id = '${tenantId}' and ${where}
	order by ${order}
	limit ${limit}`;

/** A page of a thread, as the web asks for it. */
export const threadSql = (tenantId: string, conversationId: string, where = 'true', order = 'seq desc limit 50') => `
	select * from public.messages
	where tenant_id = '${tenantId}' and conversation_id = '${conversationId}' and ${where}
	order by ${order}`;
