/** A page of the list with contact and channel, as the web asks for it through PostgREST. `where` and `order` speak of `c`. */
export const listSql = (tenantId: string, where: string, order?: string, limit?: number) =>
	listOf('public.conversations', `c.tenant_id = '${tenantId}' and ${where}`, order, limit);

/** The same of those that carry a tag, of a further page from its cursor's moment on. */
export const taggedSql = (tenantId: string, tagId: string, where: string, upTo = `'infinity'`) =>
	listOf(`public.tagged_conversations('${tenantId}', '${tagId}', ${upTo})`, where);

/** The same of those that carry one of some tags. */
export const taggedAnySql = (tenantId: string, tagIds: string[], where: string) =>
	listOf(`public.tagged_conversations_any('${tenantId}', '{${tagIds.join(',')}}')`, where);

const listOf = (source: string, where: string, order = 'c.last_message_at desc, c.id desc', limit = 50) => `
	select c.*, row_to_json(contact), row_to_json(channel)
	from ${source} c
	left join lateral (
		select p.id, p.name, p.username, p.phone, p.language, p.attributes
		from public.contacts p
		where p.tenant_id = c.tenant_id and p.id = c.contact_id
	) contact on true
	left join lateral (
		select h.id, h.name, h.type from public.channels h where h.tenant_id = c.tenant_id and h.id = c.channel_id
	) channel on true
	where ${where}
	order by ${order}
	limit ${limit}`;

/** A page of a thread, as the web asks for it: the arguments besides the conversation, by name. */
export const threadSql = (conversationId: string, stretch = '') =>
	`select * from public.thread_messages('${conversationId}'${stretch && `, ${stretch}`})`;

/** The same of the table. */
export const threadTableSql = (
	tenantId: string,
	conversationId: string,
	where = 'true',
	order = 'seq desc limit 50'
) => `
	select * from public.messages
	where tenant_id = '${tenantId}' and conversation_id = '${conversationId}' and ${where}
	order by ${order}`;
