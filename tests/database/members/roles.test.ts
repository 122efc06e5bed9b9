import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();

const save = (person: Person, id: string | null, name: string, permissions: string[]) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ id: string }[]>`
			select * from public.save_role(${uuid('padaria')}, ${id}, ${name}, '', ${permissions})`;
		return row?.id ?? '';
	});
const give = (person: Person, roleId: string) =>
	database.owner`update public.memberships set role = null, role_id = ${roleId} where user_id = ${uuid(person)}`;
const sees = (person: Person, table: string) =>
	database.as(person, (sql) => sql`select from ${sql(`public.${table}`)}`).then((rows) => rows.length > 0);
const memberMay = async (person: Person, permission: string) => {
	const [row] = await database.owner`
		select private.member_may(${uuid('padaria')}, ${uuid(person)}, ${permission}) as may`;
	return row?.may as boolean;
};

test('a role of the company’s own gives what it lists, and its holder feels a change at the next question', async () => {
	const role = await save('ana', null, 'Caixa', ['channels.read', 'members.read', 'tenant.read']);
	await give('vera', role);
	expect(await sees('vera', 'channels')).toBe(true);
	expect(await memberMay('vera', 'channels.read')).toBe(true);
	expect(await memberMay('vera', 'conversations.read')).toBe(false);
	expect(
		await database.as('vera', (sql) => sql`select role, role_name, permissions from public.my_workspaces()`)
	).toEqual([{ role: null, role_name: 'Caixa', permissions: ['channels.read', 'members.read', 'tenant.read'] }]);

	await save('ana', role, 'Caixa', ['tenant.read']);
	expect(await sees('vera', 'channels')).toBe(false);
	expect(await memberMay('vera', 'channels.read')).toBe(false);
});

test('nobody makes a role out of what they do not hold, nor takes it from one', async () => {
	const managers = await save('ana', null, 'Coordenação', ['roles.manage', 'members.read', 'contacts.read']);
	const channels = await save('ana', null, 'Canais', ['channels.manage']);
	await give('duda', managers);
	await expect(save('duda', null, 'Tudo', ['tenant.manage'])).rejects.toThrow('not_yours_to_grant');
	await expect(save('duda', managers, 'Coordenação', ['roles.manage', 'audit.read'])).rejects.toThrow(
		'not_yours_to_grant'
	);
	await expect(save('duda', channels, 'Canais', [])).rejects.toThrow('not_yours_to_grant');
	await expect(save('duda', null, 'Só leitura', ['contacts.read'])).resolves.toBeTruthy();
});

test('a role needs a name of its own, permissions that exist, and somebody who may make roles', async () => {
	await save('ana', null, 'Portaria', []);
	await expect(save('ana', null, 'PORTARIA', [])).rejects.toThrow('role_name_taken');
	await expect(save('ana', null, ' ', [])).rejects.toThrow('role_name_invalid');
	await expect(save('ana', null, 'Mágica', ['magic.do'])).rejects.toThrow('permission_unknown');
	await expect(save('sofia', null, 'Nova', [])).rejects.toThrow('not_allowed');
	await expect(save('bruno', null, 'Nova', [])).rejects.toThrow('tenant_not_found');
	await expect(save('ana', uuid('no role'), 'Nova', [])).rejects.toThrow('role_not_found');
});

test('a role belongs to one company: another’s can be given to nobody', async () => {
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.roles (tenant_id, name) values (${uuid('oficina')}, 'Mecânico') returning id`;
	await expect(give('caio', row?.id ?? '')).rejects.toThrow('foreign key');
});

test('where a second factor is required, a session without one is given nothing, and one with it everything', async () => {
	await database.owner`update public.tenants set requires_mfa = true where id = ${uuid('oficina')}`;
	expect(await sees('bruno', 'channels')).toBe(false);
	expect(await sees('ana', 'channels'), 'the other company is as before').toBe(true);
	expect(
		await database.as('bruno', (sql) => sql`select slug, permissions, needs_mfa from public.my_workspaces()`)
	).toEqual([{ slug: 'oficina', permissions: [], needs_mfa: true }]);
	const proven = await database.as('bruno', async (sql) => {
		await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: uuid('bruno'), role: 'authenticated', aal: 'aal2' })}, true)`;
		return sql`select from public.channels`;
	});
	expect(proven.length).toBeGreaterThan(0);
	await expect(
		database.as('bruno', (sql) => sql`select public.save_role(${uuid('oficina')}, null, 'Nova', '', '{}')`)
	).rejects.toThrow('mfa_required');
});
