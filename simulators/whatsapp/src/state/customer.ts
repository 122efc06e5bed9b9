import { createHash } from 'node:crypto';

/** A person with WhatsApp on their phone. */
export interface Customer {
	/** Stable name of the person here: the number or the username they first had. */
	id: string;
	name: string | null;
	/** Digits with the country code; null for somebody who hides the number behind a username. */
	wa_id: string | null;
	/** With the @, as webhooks carry it. */
	username: string | null;
	/** How often their number changed: each time Meta gives them a new business-scoped id. */
	generation: number;
	/** Ids given from outside instead of the derived ones, by WhatsApp Business Account. */
	user_ids: Record<string, string>;
	/** False: the number has no WhatsApp, so messages to it come back as undeliverable. */
	on_whatsapp: boolean;
	/** False: the phone is off, so nothing is delivered until it is on again. */
	online: boolean;
	/** Reads by themselves after this long; null reads only when the phone page has the chat open. */
	auto_read_ms: number | null;
	/** A few words about the person, for whoever plays them. */
	about: string;
}

/**
 * The business-scoped user id of a person: the same for one business for as long as the number stays, another for
 * every other business. Meta's own look like `BR.13491208655302741918`.
 */
export function userIdFor(customer: Customer, wabaId: string): string {
	const given = customer.user_ids[wabaId];
	if (given) return given;
	const digest = createHash('sha256').update(`${customer.id}|${customer.generation}|${wabaId}`).digest();
	return `BR.${(digest.readBigUInt64BE(0) % 10n ** 18n) + 10n ** 18n}`;
}

/**
 * The ways one number is written: Brazilian mobiles exist with and without the ninth digit, Mexican ones with and
 * without the 1 after 52, Argentine ones with and without the 9 after 54.
 */
export function spellings(number: string): string[] {
	const brazil = /^55(\d{2})(9?)(\d{8})$/.exec(number);
	if (brazil) return [`55${brazil[1]}9${brazil[3]}`, `55${brazil[1]}${brazil[3]}`];
	const mexico = /^521?(\d{10})$/.exec(number);
	if (mexico) return [`52${mexico[1]}`, `521${mexico[1]}`];
	const argentina = /^549?(\d{10})$/.exec(number);
	if (argentina) return [`549${argentina[1]}`, `54${argentina[1]}`];
	return [number];
}

function person(id: string, name: string, about: string, more: Partial<Customer> = {}): Customer {
	return {
		id,
		name,
		about,
		wa_id: /^\d+$/.test(id) ? id : null,
		username: null,
		generation: 0,
		user_ids: {},
		on_whatsapp: true,
		online: true,
		auto_read_ms: null,
		...more
	};
}

/** The people one can play on a fresh simulator. */
export const demoCustomers = (): Customer[] => [
	person('5511987650001', 'Marina Duarte', 'Encomenda o bolo do aniversário da filha'),
	person('5511987650002', 'João Batista Lima', 'Compra pão todo dia às seis; responde por áudio'),
	person('5521998760003', 'Patrícia Nogueira', 'Carro na revisão, tem pressa'),
	person('553187650004', 'Seu Antônio Ferraz', 'Número antigo, sem o nono dígito'),
	person('5571996540005', 'Larissa Conceição', 'Organiza a festa da firma, pede orçamento'),
	person('5585991230006', 'Wellington Rocha', 'Lê tudo em segundos', { auto_read_ms: 2_500 }),
	person('5541988770007', 'Bia Kowalski', 'Veio de um anúncio no Instagram'),
	person('luna.artes', 'Luna', 'Usa nome de usuário e não mostra o número', { username: '@luna.artes' }),
	person('5511900000009', 'Número sem WhatsApp', 'Toda mensagem para cá volta como não entregue', {
		on_whatsapp: false
	})
];

/** A person nobody described, met by number, username or id. */
export function stranger(id: string, more: Partial<Customer> = {}): Customer {
	return { ...person(id, '', ''), name: null, ...more };
}
