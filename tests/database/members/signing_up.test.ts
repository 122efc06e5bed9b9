import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();

const create = async (person: Person, name: string, slug: string | null = null, language = 'pt-BR') => {
	const [row] = await database.as(
		person,
		(sql) => sql<{ slug: string }[]>`select public.create_workspace(${name}, ${slug}, 'Olga', ${language}) as slug`
	);
	return row?.slug;
};
const forget = (person: Person) => database.owner`delete from public.tenants where created_by = ${uuid(person)}`;

beforeAll(async () => {
	await database.owner`update auth.users set email_confirmed_at = now() where id <> ${uuid('vera')}`;
});

test('who has proven an address makes a company, is its admin, and finds a team, hours and tags in it', async () => {
	expect(await create('olga', '  Padaria São João ')).toBe('padaria-sao-joao');
	const [place] = await database.as(
		'olga',
		(sql) => sql`select tenant_id, name, role, setting_up, onboarding from public.my_workspaces()`
	);
	expect(place).toMatchObject({ name: 'Padaria São João', role: 'admin', setting_up: true, onboarding: null });
	const id = String(place?.tenant_id);
	const rows = await database.as('olga', async (sql) => ({
		teams:
			await sql`select t.name from public.teams t join public.team_members m on m.team_id = t.id and m.user_id = ${uuid('olga')}`,
		hours:
			await sql`select week ->> '1' as monday, away_enabled, first_reply_minutes from public.business_hours where tenant_id = ${id}`,
		tags: await sql`select name from public.tags where tenant_id = ${id} order by position`
	}));
	expect(rows.teams).toEqual([{ name: 'Atendimento' }]);
	expect(rows.hours).toEqual([{ monday: '[["08:00", "18:00"]]', away_enabled: false, first_reply_minutes: null }]);
	expect(rows.tags.map(({ name }) => name)).toEqual(['Dúvida', 'Pedido', 'Reclamação', 'Elogio']);
	expect(
		await database.as('ana', (sql) => sql`select from public.tenants where id = ${id}`),
		'nobody else sees it'
	).toEqual([]);
	const [audited] = await database.owner`
		select actor_id from public.audit_log where tenant_id = ${id} and table_name = 'tenants' and action = 'insert'`;
	expect(audited?.actor_id).toBe(uuid('olga'));
	await forget('olga');
});

test('it begins in the language of whoever makes it', async () => {
	await create('olga', 'Corner Shop', null, 'en');
	const names = await database.as('olga', (sql) => sql`select name from public.teams`);
	expect(names).toEqual([{ name: 'Support' }]);
	await forget('olga');
});

test('an address is proposed that nobody has, and never one of the web’s own', async () => {
	const propose = async (name: string) =>
		(await database.as('olga', (sql) => sql`select public.propose_slug(${name}) as slug`))[0]?.slug;
	expect(await propose('Padaria')).toBe('padaria-2');
	expect(await propose('Sign in')).toBe('empresa-sign-in');
	expect(await propose('!')).toBe('empresa');
	expect(await propose('Oficina do Zé — Funilaria & Pintura de Todos os Automóveis')).toBe(
		'oficina-do-ze-funilaria-pintura-de'
	);
	// What is proposed is always taken.
	for (const name of ['a', 'x'.repeat(120), '東京', `${'ab '.repeat(39)}`]) {
		expect(await create('olga', name.length < 2 ? `${name}.` : name), name).toMatch(/^[a-z0-9](-?[a-z0-9]){1,39}$/);
		await forget('olga');
	}
});

test('an address of one’s own choice must be free and plain', async () => {
	await expect(create('olga', 'Outra padaria', 'padaria')).rejects.toThrow('slug_taken');
	for (const slug of ['sign-in', 'com espaço', '-x', 'avatars', 'a'.repeat(41)])
		await expect(create('olga', 'Outra', slug), slug).rejects.toThrow('slug_invalid');
	await expect(create('olga', ' x ')).rejects.toThrow('workspace_name_invalid');
	expect(await create('olga', 'Outra', ' Minha-Loja ')).toBe('minha-loja');
	await forget('olga');
});

test('nobody makes one with an address not proven, nor with a second factor not shown', async () => {
	await expect(create('vera', 'Da Vera')).rejects.toThrow('email_not_confirmed');
	await database.owner`
		insert into auth.mfa_factors (id, user_id, factor_type, status, secret, created_at, updated_at)
		values (gen_random_uuid(), ${uuid('caio')}, 'totp', 'verified', 'x', now(), now())`;
	await expect(create('caio', 'Do Caio')).rejects.toThrow('mfa_required');
});

test('three companies a day, also when they are asked for at once', async () => {
	const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((number) => create('edu', `Empresa ${number}`)));
	expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
	for (const outcome of outcomes) {
		if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('workspaces_too_many');
	}
	await database.owner`update public.tenants set created_at = now() - interval '25 hours' where created_by = ${uuid('edu')}`;
	expect(await create('edu', 'Empresa amanhã')).toBe('empresa-amanha');
});

test('whoever runs the installation closes the door, and invitations still open theirs', async () => {
	await database.owner`update private.platform_settings set sign_up = false`;
	await expect(create('olga', 'Tarde demais')).rejects.toThrow('sign_up_closed');
	await database.as(
		'ana',
		(sql) => sql`select public.invite_members(${uuid('padaria')}, '{olga@example.test}', 'viewer', null)`
	);
	const [invitation] = await database.as(
		'olga',
		(sql) => sql<{ id: string }[]>`select id from public.my_invitations()`
	);
	await database.as('olga', (sql) => sql`select public.accept_invitation(${invitation?.id ?? ''}, 'Olga')`);
	await database.owner`update private.platform_settings set sign_up = true`;
});
