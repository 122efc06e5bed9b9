import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();
const padaria = uuid('padaria');

const steps = async (person: Person, tenant: string) => {
	const rows = await database.as(
		person,
		(sql) => sql<{ step: string; done: boolean }[]>`select * from public.first_steps(${tenant})`
	);
	return rows.filter(({ done }) => done).map(({ step }) => step);
};
const settingUp = async (person: Person, tenant: string) => {
	const [row] = await database.as(
		person,
		(sql) => sql`select setting_up from public.my_workspaces() where tenant_id = ${tenant}`
	);
	return row?.setting_up as boolean | undefined;
};
const onboarding = async (person: Person, tenant = padaria) => {
	const [row] = await database.as(
		person,
		(sql) => sql`select onboarding from public.my_workspaces() where tenant_id = ${tenant}`
	);
	return row?.onboarding as string | null | undefined;
};
const next = (person: Person, step: string | null, tenant = padaria) =>
	database.as(person, (sql) => sql`select public.onboard_me(${tenant}, ${step})`);
const join = async (person: Person, company: 'padaria' | 'oficina') => {
	const [by, email] = [company === 'padaria' ? 'ana' : 'bruno', `${person}@example.test`] as const;
	await database.as(by, (sql) => sql`select public.invite_members(${uuid(company)}, array[${email}], 'agent', null)`);
	const [invitation] = await database.owner<{ id: string }[]>`
		select id from public.invitations where email = ${email} and tenant_id = ${uuid(company)} and closed_at is null`;
	await database.as(person, (sql) => sql`select public.accept_invitation(${invitation?.id ?? ''}, ${person})`);
};

beforeAll(async () => {
	await database.owner`update auth.users set email_confirmed_at = now()`;
});

test('each first step is taken by what is there, and when all are taken they are closed', async () => {
	const [made] = await database.as(
		'olga',
		(sql) => sql<{ slug: string }[]>`select public.create_workspace('Mercearia', null, 'Olga') as slug`
	);
	const [tenant] = await database.owner<
		{ id: string }[]
	>`select id from public.tenants where slug = ${made?.slug ?? ''}`;
	const id = tenant?.id ?? '';
	expect(await steps('olga', id), 'what it begins with counts for nothing').toEqual([]);

	const [channel] = await database.owner<{ id: string }[]>`
		insert into public.channels (tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
		values (${id}, 'whatsapp', 'Mercearia', '106540352249977', '1065403522499779', '551130030077') returning id`;
	expect(await steps('olga', id)).toEqual(['channel']);
	await database.owner`update public.channels set status = 'disconnected' where id = ${channel?.id ?? ''}`;
	expect(await steps('olga', id)).toEqual([]);
	await database.owner`update public.channels set status = 'connected' where id = ${channel?.id ?? ''}`;

	await database.as('olga', (sql) => sql`select public.invite_members(${id}, '{gabi@example.test}', 'agent', null)`);
	expect(await steps('olga', id)).toEqual(['channel', 'people']);
	await database.owner`
		insert into public.memberships (tenant_id, user_id, display_name) values (${id}, ${uuid('gabi')}, 'Gabi')`;
	await database.owner`
		insert into public.team_members (tenant_id, team_id, user_id)
		select ${id}, t.id, ${uuid('gabi')} from public.teams t where t.tenant_id = ${id}`;
	expect(await steps('olga', id)).toEqual(['channel', 'people', 'team']);
	await database.owner`update public.business_hours set away_enabled = true, away_message = 'Voltamos já' where tenant_id = ${id}`;
	await database.owner`
		with r as (insert into public.canned_responses (tenant_id, shortcut, title, scope) values (${id}, 'oi', 'Oi', 'shared') returning id),
		v as (insert into public.canned_response_versions (tenant_id, response_id, version) select ${id}, id, 1 from r)
		select from r`;
	await database.owner`update public.canned_responses set published_version = 1 where tenant_id = ${id}`;
	expect(await steps('olga', id)).toEqual(['channel', 'people', 'team', 'hours', 'canned']);
	expect(await settingUp('olga', id)).toBe(true);

	await database.owner`
		with c as (insert into public.contacts (tenant_id, name) values (${id}, 'Rita') returning id)
		insert into public.conversations (tenant_id, contact_id, channel_id, first_reply_at)
		select ${id}, c.id, ${channel?.id ?? ''}, now() from c`;
	expect(await steps('olga', id)).toHaveLength(6);
	expect(await settingUp('olga', id), 'it vanishes').toBe(false);
	await database.owner`update public.channels set status = 'disconnected' where id = ${channel?.id ?? ''}`;
	expect(await settingUp('olga', id), 'and does not come back by itself').toBe(false);
	await database.owner`delete from public.tenants where id = ${id}`;
});

test('only those who manage a company see its first steps, and put them away for each other', async () => {
	expect(await settingUp('ana', padaria)).toBe(true);
	for (const person of ['sofia', 'caio', 'vera', 'aline'] as const) {
		expect(await settingUp(person, padaria), person).toBe(false);
		await expect(steps(person, padaria), person).rejects.toThrow('not_allowed');
		await expect(database.as(person, (sql) => sql`select public.close_first_steps(${padaria}, true)`)).rejects.toThrow(
			'not_allowed'
		);
	}
	await expect(steps('bruno', padaria)).rejects.toThrow('tenant_not_found');
	await database.as('ana', (sql) => sql`select public.close_first_steps(${padaria}, true)`);
	expect(await settingUp('ana', padaria)).toBe(false);
	await database.as('ana', (sql) => sql`select public.close_first_steps(${padaria}, false)`);
	expect(await settingUp('ana', padaria)).toBe(true);
});

test('who joins by invitation is shown around once: forward, from any browser, never again', async () => {
	expect(await onboarding('caio'), 'who was here before is not asked').toBeNull();
	await next('caio', 'keys');
	expect(await onboarding('caio')).toBeNull();

	await join('olga', 'padaria');
	expect(await onboarding('olga')).toBe('name');
	await next('olga', 'availability');
	expect(await onboarding('olga')).toBe('availability');
	await next('olga', 'notifications');
	expect(await onboarding('olga'), 'a tab left behind takes nobody back').toBe('availability');
	await expect(next('olga', 'dance')).rejects.toThrow('onboarding_step_unknown');
	await next('olga', null);
	expect(await onboarding('olga')).toBeNull();
	await next('olga', 'keys');
	expect(await onboarding('olga')).toBeNull();
	await expect(next('bruno', null)).rejects.toThrow('tenant_not_found');
	const audited = await database.owner`
		select from public.audit_log where table_name = 'memberships' and after ? 'onboarding' and action = 'update'`;
	expect(audited, 'how far somebody is, is nobody’s record').toEqual([]);

	await join('olga', 'oficina');
	expect(await onboarding('olga', uuid('oficina')), 'who knows the product is not shown it again').toBeNull();
});

test('a picture is shown in all of one’s companies, old and new, and only one’s own file can be it', async () => {
	const [first, second] = ['1', '2'].map((name) => `${uuid('duda')}/${uuid(name)}.webp`) as [string, string];
	const foreign = `${uuid('caio')}/${uuid('1')}.webp`;
	for (const path of [first, second, foreign])
		await database.owner`insert into storage.objects (bucket_id, name) values ('avatars', ${path})`;
	const choose = (path: string | null) => database.as('duda', (sql) => sql`select public.set_my_avatar(${path})`);
	const seen = async (person: Person) =>
		(await database.as(person, (sql) => sql`select name from storage.objects where bucket_id = 'avatars'`))
			.map(({ name }) => String(name))
			.sort();

	expect(await seen('ana'), 'a file is nobody’s picture before it is chosen').toEqual([]);
	await choose(first);
	expect(await seen('ana')).toEqual([first]);
	expect(await seen('bruno'), 'another company').toEqual([]);
	await expect(choose(foreign)).rejects.toThrow('avatar_not_found');
	await expect(choose(`${uuid('duda')}/${uuid('3')}.webp`), 'no such file').rejects.toThrow('avatar_not_found');

	await join('duda', 'oficina');
	expect(await seen('bruno'), 'it comes along').toEqual([first]);
	await choose(second);
	expect([await seen('ana'), await seen('bruno')]).toEqual([[second], [second]]);
	await choose(null);
	expect([await seen('ana'), await seen('bruno')]).toEqual([[], []]);
});
