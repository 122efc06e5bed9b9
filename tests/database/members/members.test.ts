import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();
const padaria = uuid('padaria');

const change = (by: Person, whom: Person, role: string | null, roleId: string | null = null) =>
	database.as(by, (sql) => sql`select public.change_member_role(${padaria}, ${uuid(whom)}, ${role}, ${roleId})`);
const roleOf = async (person: Person) => {
	const [row] = await database.owner`
		select role, role_id, deactivated_at is not null as resting from public.memberships
		where tenant_id = ${padaria} and user_id = ${uuid(person)}`;
	return row;
};
async function conversation(assignee: Person, status = 'open'): Promise<string> {
	const id = uuid(`conversation ${Math.random()}`);
	await database.owner`insert into public.contacts (id, tenant_id, name) values (${id}, ${padaria}, 'Rita')`;
	await database.owner`
		insert into public.conversations (id, tenant_id, contact_id, channel_id, assignee_id, status, closed_at)
		values (${id}, ${padaria}, ${id}, ${uuid('padaria channel')}, ${uuid(assignee)}, ${status}, ${status === 'closed' ? new Date() : null})`;
	return id;
}
const assigneeOf = async (id: string) => {
	const [row] = await database.owner`select assignee_id from public.conversations where id = ${id}`;
	return row?.assignee_id as string | null;
};

test('an admin gives another role, and the change is in the audit log with who made it', async () => {
	await change('ana', 'vera', 'agent');
	expect(await roleOf('vera')).toMatchObject({ role: 'agent' });
	const [row] = await database.owner`
		select actor_id, before ->> 'role' as before, after ->> 'role' as after from public.audit_log
		where table_name = 'memberships' and row_id = ${uuid('vera')} order by id desc limit 1`;
	expect(row).toEqual({ actor_id: uuid('ana'), before: 'viewer', after: 'agent' });
});

test('who manages members without being an admin neither makes an admin, nor himself one, nor touches one', async () => {
	const [role] = await database.owner<{ id: string }[]>`
		insert into public.roles (tenant_id, name, permissions)
		values (${padaria}, 'RH', '{members.manage,members.read,tenant.read,contacts.read}') returning id`;
	await change('ana', 'duda', null, role?.id);
	for (const whom of ['vera', 'duda'] as const)
		await expect(change('duda', whom, 'admin'), whom).rejects.toThrow('not_yours_to_grant');
	await expect(change('duda', 'ana', 'viewer')).rejects.toThrow('not_yours_to_grant');
	await expect(
		database.as('duda', (sql) => sql`select public.remove_member(${padaria}, ${uuid('ana')}, null)`)
	).rejects.toThrow('not_yours_to_grant');
	await expect(
		database.as('duda', (sql) => sql`select public.invite_members(${padaria}, '{x@exemplo.test}', 'admin', null)`)
	).rejects.toThrow('not_yours_to_grant');
	await expect(change('sofia', 'vera', 'viewer')).rejects.toThrow('not_allowed');
});

test('nobody writes memberships, roles or invitations past the functions', async () => {
	for (const statement of [
		`update public.memberships set role = 'admin' where user_id = '${uuid('caio')}'`,
		`insert into public.memberships (tenant_id, user_id, role, display_name) values ('${padaria}', '${uuid('olga')}', 'admin', 'x')`,
		`delete from public.memberships`,
		`update public.roles set permissions = '{tenant.manage}'`,
		`insert into public.invitations (tenant_id, email, role) values ('${padaria}', 'a@b.test', 'admin')`,
		`update public.tenants set requires_mfa = true`
	]) {
		await expect(
			database.as('ana', (sql) => sql.unsafe(statement)),
			statement
		).rejects.toMatchObject({
			code: '42501'
		});
	}
});

test('the last admin is neither demoted nor removed nor put to rest, by whatever way', async () => {
	await expect(change('ana', 'ana', 'agent')).rejects.toThrow('last_admin');
	for (const call of ['remove_member', 'deactivate_member'])
		await expect(
			database.as('ana', (sql) => sql`select ${sql.unsafe(`public.${call}`)}(${padaria}, ${uuid('ana')}, null)`)
		).rejects.toThrow('last_admin');
	await expect(database.owner`delete from auth.users where id = ${uuid('ana')}`).rejects.toThrow('last_admin');
});

test('two admins who demote each other at the same moment leave one', async () => {
	await change('ana', 'sofia', 'admin');
	const outcomes = await Promise.allSettled([change('ana', 'sofia', 'agent'), change('sofia', 'ana', 'agent')]);
	const left = await database.owner`select from public.memberships where tenant_id = ${padaria} and role = 'admin'`;
	expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	expect(left).toHaveLength(1);
	await database.owner`update public.memberships set role = 'admin' where user_id in (${uuid('ana')}, ${uuid('sofia')})`;
});

test('what somebody had open goes to the heir when they are removed, and stays nobody’s otherwise', async () => {
	const [open, closed] = [await conversation('caio'), await conversation('caio', 'closed')];
	await expect(
		database.as('ana', (sql) => sql`select public.remove_member(${padaria}, ${uuid('caio')}, ${uuid('aline')})`),
		'an analyst answers nobody'
	).rejects.toThrow('assignee_not_member');
	await database.as('ana', (sql) => sql`select public.remove_member(${padaria}, ${uuid('caio')}, ${uuid('sofia')})`);
	expect(await assigneeOf(open)).toBe(uuid('sofia'));
	expect(await assigneeOf(closed)).toBeNull();
	expect(await database.as('caio', (sql) => sql`select from public.conversations`)).toHaveLength(0);
});

test('who is deactivated does nothing and is given nothing until they are back', async () => {
	await database.owner`
		update public.memberships set role = 'agent', role_id = null where tenant_id = ${padaria} and user_id = ${uuid('duda')}`;
	const open = await conversation('duda');
	await database.as('ana', (sql) => sql`select public.deactivate_member(${padaria}, ${uuid('duda')}, null)`);
	expect(await assigneeOf(open)).toBeNull();
	expect(await database.as('duda', (sql) => sql`select from public.my_workspaces()`)).toHaveLength(0);
	expect(await database.as('duda', (sql) => sql`select from public.contacts`)).toHaveLength(0);
	await expect(
		database.as('ana', (sql) => sql`select public.assign_conversation(${open}, ${uuid('duda')})`)
	).rejects.toThrow('assignee_not_member');
	await database.as('ana', (sql) => sql`select public.reactivate_member(${padaria}, ${uuid('duda')})`);
	expect(await database.as('duda', (sql) => sql`select from public.contacts`)).not.toHaveLength(0);
});

test('a role in use goes only with another in its place', async () => {
	const [role] = await database.owner<{ id: string }[]>`
		insert into public.roles (tenant_id, name, permissions) values (${padaria}, 'Temporário', '{tenant.read}') returning id`;
	const id = role?.id ?? '';
	await change('ana', 'vera', null, id);
	await database.as(
		'ana',
		(sql) => sql`select public.invite_members(${padaria}, '{temporaria@exemplo.test}', null, ${id})`
	);
	await expect(database.as('ana', (sql) => sql`select public.delete_role(${padaria}, ${id})`)).rejects.toThrow(
		'role_in_use'
	);
	await database.as('ana', (sql) => sql`select public.delete_role(${padaria}, ${id}, 'viewer')`);
	expect(await roleOf('vera')).toMatchObject({ role: 'viewer', role_id: null });
	const [invited] = await database.owner`select role from public.invitations where email = 'temporaria@exemplo.test'`;
	expect(invited).toEqual({ role: 'viewer' });
});

test('a second factor is required only by an admin who has just shown one', async () => {
	const require = (aal: string) =>
		database.as('ana', async (sql) => {
			const claims = JSON.stringify({ sub: uuid('ana'), role: 'authenticated', aal });
			await sql`select set_config('request.jwt.claims', ${claims}, true)`;
			return sql`select public.require_second_factor(${padaria}, true)`;
		});
	await expect(require('aal1')).rejects.toThrow('mfa_first');
	await require('aal2');
	expect(await database.as('ana', (sql) => sql`select from public.contacts`)).toHaveLength(0);
	await database.owner`update public.tenants set requires_mfa = false`;
});

test('the list says when somebody was last here and whether they have a second factor, to managers alone', async () => {
	await database.owner`
		insert into auth.sessions (id, user_id, created_at, updated_at) values (gen_random_uuid(), ${uuid('vera')}, '2026-01-01', '2026-01-02')`;
	await database.owner`
		insert into auth.mfa_factors (id, user_id, factor_type, status, secret, created_at, updated_at)
		values (gen_random_uuid(), ${uuid('vera')}, 'totp', 'verified', 'x', now(), now())`;
	const rows = await database.as('ana', (sql) => sql`select * from public.list_members(${padaria})`);
	expect(rows.find(({ user_id }) => user_id === uuid('vera'))).toMatchObject({
		email: 'vera@example.test',
		has_mfa: true,
		last_seen_at: new Date('2026-01-02')
	});
	await expect(database.as('duda', (sql) => sql`select public.list_members(${padaria})`)).rejects.toThrow(
		'not_allowed'
	);
});
