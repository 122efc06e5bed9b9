import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';

/** Two companies with one person in each role; `olga` has an account and belongs to nobody. */
export const ROLES = {
	ana: ['padaria', 'admin'],
	sofia: ['padaria', 'supervisor'],
	caio: ['padaria', 'agent'],
	duda: ['padaria', 'agent'],
	vera: ['padaria', 'viewer'],
	aline: ['padaria', 'analyst'],
	bruno: ['oficina', 'admin'],
	silvia: ['oficina', 'supervisor'],
	edu: ['oficina', 'agent'],
	gabi: ['oficina', 'agent'],
	vitor: ['oficina', 'viewer'],
	alex: ['oficina', 'analyst']
} as const;

export type Person = keyof typeof ROLES | 'olga';
export type Company = 'padaria' | 'oficina';

export const PEOPLE = [...Object.keys(ROLES), 'olga'] as Person[];

/** The number of each company's WhatsApp channel. */
export const NUMBERS: Record<Company, string> = { padaria: '106540352242922', oficina: '106540352242933' };

/** A name's own uuid, the same in every run: `uuid('ana')`, `uuid('padaria channel')`. */
export function uuid(name: string): string {
	const hex = createHash('md5').update(name).digest('hex');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const claimsOf = (person: Person) => ({
	sub: uuid(person),
	role: 'authenticated',
	aud: 'authenticated',
	aal: 'aal1',
	email: `${person}@example.test`
});

/** Writes the companies, their people, one channel and one team each. */
export async function arrangePeople(sql: Sql): Promise<void> {
	for (const person of PEOPLE) {
		await sql`
			insert into auth.users (id, aud, role, email)
			values (${uuid(person)}, 'authenticated', 'authenticated', ${`${person}@example.test`})`;
	}
	for (const company of ['padaria', 'oficina'] as const) {
		await sql`insert into public.tenants (id, name, slug) values (${uuid(company)}, ${company}, ${company})`;
		await sql`
			insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
			values (${uuid(`${company} channel`)}, ${uuid(company)}, 'whatsapp', ${company}, ${NUMBERS[company]}, ${`${NUMBERS[company]}9`}, '551130030001')`;
		await sql`insert into public.teams (id, tenant_id, name) values (${uuid(`${company} team`)}, ${uuid(company)}, 'Vendas')`;
	}
	for (const [person, [company, role]] of Object.entries(ROLES)) {
		await sql`
			insert into public.memberships (tenant_id, user_id, role, display_name)
			values (${uuid(company)}, ${uuid(person)}, ${role}, ${person})`;
	}
	for (const [company, person] of [
		['padaria', 'duda'],
		['oficina', 'gabi']
	] as const) {
		await sql`
			insert into public.team_members (tenant_id, team_id, user_id)
			values (${uuid(company)}, ${uuid(`${company} team`)}, ${uuid(person)})`;
	}
}
