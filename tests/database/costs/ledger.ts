import { randomUUID } from 'node:crypto';
import type { Status } from '../../../core/src/whatsapp/events.ts';
import { loadPrices } from '../../../stack/prices/load_prices.ts';
import type { Database } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { NUMBERS, uuid } from '../people.ts';

export const REGULAR = { billable: true, pricing_model: 'PMP', type: 'regular' };

/** The price lists of the repository, in a test's database. */
export const withPrices = (database: Database) => loadPrices(database.url('postgres'));

/** The conversation of a person who has just written to the bakery. */
export async function conversationWith(database: Database, phone: string, more: object = {}): Promise<string> {
	await receive(database.door, [delivery([textFrom(phone, 'Oi', more)])]);
	const [row] = await database.owner<{ id: string }[]>`
		select c.id
		from public.conversations c
		join public.contact_identities i on i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
		where c.tenant_id = ${uuid('padaria')} and i.kind = 'phone' and i.value = ${phone} and c.status = 'open'`;
	if (!row) throw new Error(`${phone} has no conversation`);
	return row.id;
}

export interface Sent {
	id: string;
	external_id: string;
	phone: string;
}

/** An answer of Caio's that the provider has accepted. */
export async function sentTo(database: Database, conversation: string, phone: string, kind = 'text'): Promise<Sent> {
	const sent = { id: randomUUID(), external_id: `wamid.${randomUUID()}`, phone };
	const content =
		kind === 'template' ? { kind, name: 'pedido_pronto', language: 'pt_BR' } : { kind: 'text', text: 'Olá!' };
	await database.owner`
		with thread as (
			update public.conversations set last_seq = last_seq + 1 where id = ${conversation} returning *
		),
		message as (
			insert into public.messages (
				id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id,
				kind, content, external_id, client_id, status
			)
			select
				${sent.id}, tenant_id, id, contact_id, channel_id, last_seq, 'out', 'agent', ${uuid('caio')},
				${kind}, ${JSON.stringify(content)}::text::jsonb, ${sent.external_id}, gen_random_uuid(), 'sending'
			from thread
			returning *
		)
		insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
		select channel_id, external_id, tenant_id, id, created_at, id from message`;
	return sent;
}

/** What the provider reports of a message. */
export function reported(sent: Sent, status: Status['status'], at: string, pricing: object | null = null): Status {
	return {
		type: 'status',
		phone_number_id: NUMBERS.padaria,
		waba_id: `${NUMBERS.padaria}9`,
		identities: [{ kind: 'phone', value: sent.phone, address: sent.phone }],
		name: null,
		username: null,
		external_id: sent.external_id,
		status,
		at,
		opaque: null,
		error: null,
		pricing
	};
}

export interface Charge {
	message_id: string;
	category: string;
	country: string | null;
	market: string | null;
	free_reason: string | null;
	amount: string | null;
	reason: string | null;
	template: string | null;
	charged_on: string;
	is_delivered: boolean;
}

/** The ledger, by message. */
export const ledger = async (database: Database): Promise<Charge[]> => [
	...(await database.owner<Charge[]>`
		select
			message_id, category, country, market, free_reason, amount, reason, template, charged_on::text,
			delivered_at is not null as is_delivered
		from public.charges
		order by message_id`)
];

/** One message's row. */
export async function chargeOf(database: Database, sent: Sent): Promise<Charge | undefined> {
	return (await ledger(database)).find((charge) => charge.message_id === sent.id);
}
