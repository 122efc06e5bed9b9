import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();
const padaria = uuid('padaria');

const invite = (by: Person, emails: string[], role = 'agent') =>
	database.as(
		by,
		(sql) => sql`
			select * from public.invite_members(${padaria}, ${emails}, ${role}::public.member_role, null, array[${uuid('padaria team')}::uuid])`
	);
const find = async (email: string) => {
	const [row] = await database.owner<{ id: string }[]>`
		select id from public.invitations where email = ${email} and tenant_id = ${padaria} order by created_at desc limit 1`;
	return row?.id ?? '';
};
const accept = (person: Person, id: string, name = 'Olga') =>
	database.as(person, (sql) => sql`select public.accept_invitation(${id}, ${name}) as slug`);
const confirm = (person: Person) =>
	database.owner`update auth.users set email_confirmed_at = now() where id = ${uuid(person)}`;
const jobs = (id: string) =>
	database.owner`select from graphile_worker.jobs where key = ${`invitation:${id}`} and task_identifier = 'invitation__send'`;

test('of a pasted list each address is told what became of it, and each invited one gets a mail', async () => {
	const outcomes = await invite('ana', [' Nova@Exemplo.test', 'vera@example.test', 'isto não é', 'nova@exemplo.test']);
	expect(outcomes).toEqual([
		{ email: 'isto não é', outcome: 'invalid' },
		{ email: 'nova@exemplo.test', outcome: 'invited' },
		{ email: 'vera@example.test', outcome: 'member' }
	]);
	expect(await invite('ana', ['nova@exemplo.test'], 'viewer')).toEqual([
		{ email: 'nova@exemplo.test', outcome: 'again' }
	]);
	expect(await jobs(await find('nova@exemplo.test'))).toHaveLength(1);
});

test('the invited address joins once, in the role and teams of the invitation', async () => {
	await invite('ana', ['olga@example.test']);
	const id = await find('olga@example.test');
	await expect(accept('olga', id), 'an address that is not confirmed proves nothing').rejects.toThrow(
		'invitation_for_another'
	);
	await confirm('olga');
	await confirm('bruno');
	await expect(accept('bruno', id)).rejects.toThrow('invitation_for_another');
	expect(await database.as('olga', (sql) => sql`select workspace from public.my_invitations()`)).toEqual([
		{ workspace: 'padaria' }
	]);
	const joined = await Promise.all([accept('olga', id), accept('olga', id)]);
	expect(joined.map(([row]) => row?.slug)).toEqual(['padaria', 'padaria']);
	expect(await database.as('olga', (sql) => sql`select slug, role from public.my_workspaces()`)).toEqual([
		{ slug: 'padaria', role: 'agent' }
	]);
	expect(await database.owner`select from public.team_members where user_id = ${uuid('olga')}`).toHaveLength(1);
	await database.owner`delete from public.memberships where user_id = ${uuid('olga')}`;
	await expect(accept('olga', id), 'once gone, the old link opens nothing').rejects.toThrow('invitation_closed');
});

test('whoever has an account joins another company with it, and keeps the first', async () => {
	await confirm('edu');
	await invite('ana', ['edu@example.test'], 'viewer');
	await accept('edu', await find('edu@example.test'), 'Edu');
	expect(await database.as('edu', (sql) => sql`select slug, role from public.my_workspaces()`)).toEqual([
		{ slug: 'oficina', role: 'agent' },
		{ slug: 'padaria', role: 'viewer' }
	]);
});

test('an invitation ends after a week and when it is withdrawn', async () => {
	await confirm('gabi');
	await invite('ana', ['gabi@example.test']);
	const id = await find('gabi@example.test');
	await database.owner`update public.invitations set expires_at = now() - interval '1 second' where id = ${id}`;
	await expect(accept('gabi', id)).rejects.toThrow('invitation_expired');
	await database.as('ana', (sql) => sql`select public.resend_invitation(${id})`);
	await database.as('ana', (sql) => sql`select public.revoke_invitation(${id})`);
	await expect(accept('gabi', id)).rejects.toThrow('invitation_closed');
	await expect(database.as('ana', (sql) => sql`select public.resend_invitation(${id})`)).rejects.toThrow(
		'invitation_closed'
	);
});

test('to somebody else the link says whose workspace it is, and no more', async () => {
	await invite('ana', ['maria@exemplo.test']);
	const id = await find('maria@exemplo.test');
	expect(await database.as('bruno', (sql) => sql`select * from public.my_invitation(${id})`)).toEqual([
		{
			workspace: 'padaria',
			slug: null,
			email: 'm…@e….test',
			mine: false,
			status: 'open',
			role: null,
			role_name: null,
			invited_by: null
		}
	]);
});

test('fifty at once and two hundred a day, no more', async () => {
	const many = (count: number, tag: string) => Array.from({ length: count }, (_, at) => `${tag}${at}@exemplo.test`);
	await expect(invite('ana', many(51, 'a'))).rejects.toThrow('invitations_too_many');
	for (const tag of ['b', 'c', 'd']) await invite('ana', many(50, tag));
	await expect(invite('ana', many(50, 'e'))).rejects.toThrow('invitations_too_many');
});

test('the worker is told of what is still to be mailed, and writes down what came of it', async () => {
	await invite('ana', ['silvia@example.test']);
	const id = await find('silvia@example.test');
	const waiting = () => database.worker`select * from private.invitation_to_send(${id})`;
	expect(await waiting()).toEqual([{ email: 'silvia@example.test', is_known: false }]);
	await database.worker`select private.settle_invitation(${id}, 'mailbox full')`;
	expect(await waiting()).toHaveLength(1);
	await confirm('silvia');
	expect(await waiting()).toEqual([{ email: 'silvia@example.test', is_known: true }]);
	await database.worker`select private.settle_invitation(${id}, null)`;
	expect(await waiting()).toHaveLength(0);
});
