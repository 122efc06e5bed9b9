import type { TransactionSql } from 'postgres';
import { withoutBroadcasts } from './insert.ts';
import type { Agent } from './thread.ts';

const TAGS: Record<string, [name: string, color: string][]> = {
	padaria: [
		['Encomenda', 'amber'],
		['Entrega', 'blue'],
		['Orçamento', 'violet'],
		['Reclamação', 'red'],
		['Cliente VIP', 'green']
	],
	oficina: [
		['Orçamento', 'violet'],
		['Revisão', 'teal'],
		['Garantia', 'orange'],
		['Reclamação', 'red']
	]
};

const NOTES = [
	'Cliente antiga: sempre pede sem lactose. Confirmar antes de fechar o pedido.',
	'Prometi retorno até o fim da tarde. Falta a resposta do fornecedor.',
	'Já teve desconto este mês. Não oferecer outro.'
];

/**
 * How a company works its open conversations: tags, priorities, notes, one that a colleague is called to, one that sleeps
 * until tomorrow and one until the customer answers. What is done stands in the threads, as if the agents had done it.
 */
export async function seedWorking(sql: TransactionSql, slug: string, tenantId: string, agents: Agent[]): Promise<void> {
	const [first, second] = agents;
	if (!first || !second) return;
	await sql`insert into public.tags ${sql(
		(TAGS[slug] ?? []).map(([name, color], index) => ({ tenant_id: tenantId, name, color, position: index + 1 }))
	)}`;
	await withoutBroadcasts(sql, ['conversations', 'messages', 'participants'], async () => {
		await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: first.id })}, true)`;
		await sql`
			with busy as (
				select c.id, row_number() over (order by c.last_message_at desc) as place
				from public.conversations c
				where c.tenant_id = ${tenantId} and c.status = 'open'
			),
			tag as (
				select t.id, row_number() over (order by t.position) as place, count(*) over () as tags
				from public.tags t
				where t.tenant_id = ${tenantId}
			)
			update public.conversations c
			set
				priority = case when b.place % 7 = 2 then 4 when b.place % 5 = 1 then 3 when b.place % 6 = 4 then 1 else 0 end,
				tag_ids = array(select t.id from tag t where b.place % 2 = 0 and t.place in (b.place / 2 % t.tags + 1, b.place / 3 % t.tags + 1))
			from busy b
			where c.id = b.id`;
		await sql`
			update public.conversations c
			set snoozed_until = case when s.place = 1 then date_trunc('day', now()) + interval '1 day 12 hours' else 'infinity' end
			from (
				select c.id, row_number() over (order by c.last_message_at, c.id) as place
				from public.conversations c
				where c.tenant_id = ${tenantId} and c.status = 'open' and c.preview_direction = 'out'
			) s
			where c.id = s.id and s.place <= 2`;
		for (const [index, text] of NOTES.entries()) {
			await sql`
				select private.apply_note(c, null, ${JSON.stringify({ text })}::text::jsonb)
				from public.conversations c
				where c.tenant_id = ${tenantId} and c.status = 'open' and c.snoozed_until is null
				order by c.last_message_at desc, c.id
				offset ${index} limit 1`;
		}
		await callColleague(sql, tenantId, second);
		await sql`select set_config('request.jwt.claims', '', true)`;
	});
}

/** The newest note calls a colleague, who has not looked yet. */
async function callColleague(sql: TransactionSql, tenantId: string, colleague: Agent): Promise<void> {
	const mention = JSON.stringify([{ id: colleague.id, name: colleague.name }]);
	await sql`
		with called as (
			update public.messages m
			set
				body = ${`@${colleague.name} `} || m.body,
				content = m.content || jsonb_build_object('text', ${`@${colleague.name} `} || m.body, 'mentions', ${mention}::text::jsonb)
			from public.conversations c
			where m.tenant_id = ${tenantId} and m.kind = 'note' and c.id = m.conversation_id
				and c.id = (
					select n.conversation_id from public.messages n
					where n.tenant_id = ${tenantId} and n.kind = 'note'
					order by n.created_at, n.id limit 1
				)
			returning m.id, m.conversation_id
		)
		insert into public.mentions (tenant_id, user_id, message_id, conversation_id)
		select ${tenantId}, ${colleague.id}, id, conversation_id from called`;
}
