import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import type { StackFacts } from '../../stack/facts.ts';
import type { Company } from './simulator.ts';

/** A person of one journey, whose password and memberships it may change as it likes. */
export interface Colleague {
	id: string;
	name: string;
	email: string;
	password: string;
}

/** Makes a person who may sign in, and a member of each company named. */
export async function newColleague(facts: StackFacts, sql: Sql, companies: Company[]): Promise<Colleague> {
	const tag = randomUUID().slice(0, 8);
	const person = { name: `Tereza ${tag}`, email: `tereza-${tag}@exemplo.test`, password: `senha-${randomUUID()}` };
	const body = { email: person.email, password: person.password, email_confirm: true };
	const { id } = await askAuth<{ id: string }>(facts, 'admin/users', body);
	await join(sql, id, person.name, companies);
	return { id, ...person };
}

/** Invites somebody by mail into a company. */
export async function invite(facts: StackFacts, sql: Sql, company: Company): Promise<Colleague> {
	const tag = randomUUID().slice(0, 8);
	const person = { name: `Nova ${tag}`, email: `nova-${tag}@exemplo.test`, password: `senha-${randomUUID()}` };
	const { id } = await askAuth<{ id: string }>(facts, 'invite', { email: person.email });
	await join(sql, id, person.name, [company]);
	return { id, ...person };
}

async function join(sql: Sql, userId: string, name: string, companies: Company[]): Promise<void> {
	await sql`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		select id, ${userId}, 'admin', ${name} from public.tenants where slug = any(${companies})`;
}

async function askAuth<Answer>(facts: StackFacts, path: string, body: object): Promise<Answer> {
	const key = facts.service_role_key;
	const response = await fetch(`${facts.api_url}/auth/v1/${path}`, {
		method: 'POST',
		headers: { apikey: key, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
		body: JSON.stringify(body)
	});
	if (!response.ok) throw new Error(`auth answers ${response.status}: ${await response.text()}`);
	return (await response.json()) as Answer;
}
