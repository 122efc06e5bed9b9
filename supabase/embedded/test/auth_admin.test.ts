import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimsOf, PASSWORD, SITE, startProject, type Project } from './auth_project.ts';

let project: Project;
beforeAll(async () => {
	project = await startProject();
});
afterAll(() => project.stop());

const address = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}@padaria.test`;

test('the service key makes users as it wants them', async () => {
	const id = crypto.randomUUID();
	const email = address('caio');
	const { data, error } = await project.admin.auth.admin.createUser({
		id,
		email,
		password: PASSWORD,
		email_confirm: true,
		user_metadata: { name: 'Caio' },
		app_metadata: { tenant: 'padaria' }
	});
	expect(error).toBeNull();
	expect(data.user).toMatchObject({
		id,
		email,
		user_metadata: { name: 'Caio', email_verified: true },
		app_metadata: { provider: 'email', providers: ['email'], tenant: 'padaria' },
		identities: [{ provider: 'email', identity_data: { email, sub: id, email_verified: true } }]
	});
	expect((await project.admin.auth.admin.createUser({ email })).error).toMatchObject({
		status: 422,
		code: 'email_exists'
	});
	expect((await project.admin.auth.admin.createUser({})).error).toMatchObject({
		status: 400,
		code: 'validation_failed'
	});
});

test('a user may come with a bcrypt hash, and with no other kind', async () => {
	const email = address('moved');
	const [row] = await project.sql`select extensions.crypt('from elsewhere', extensions.gen_salt('bf', 4)) as hash`;
	await project.admin.auth.admin.createUser({ email, password_hash: String(row!['hash']), email_confirm: true });
	expect((await project.visitor().auth.signInWithPassword({ email, password: 'from elsewhere' })).error).toBeNull();
	const md5 = await project.admin.auth.admin.createUser({
		email: address('md5'),
		password_hash: '5f4dcc3b5aa765d61d8327deb882cf99'
	});
	expect(md5.error).toMatchObject({ status: 400, code: 'validation_failed' });
});

test('the list comes newest first, in pages that say how many there are', async () => {
	const emails: string[] = [];
	for (let index = 0; index < 5; index++)
		emails.unshift((await project.admin.auth.admin.createUser({ email: address('page') })).data.user!.email!);
	const first = await project.admin.auth.admin.listUsers({ page: 1, perPage: 2 });
	const second = await project.admin.auth.admin.listUsers({ page: 2, perPage: 2 });
	expect([...first.data.users, ...second.data.users].map(({ email }) => email)).toEqual(emails.slice(0, 4));
	const [row] = await project.sql`select count(*)::int as total from auth.users`;
	expect(first.data).toMatchObject({ nextPage: 2, total: row!['total'], lastPage: Math.ceil(row!['total'] / 2) });
	const bad = await project.admin.auth.admin.listUsers({ page: -1 });
	expect(bad.error).toMatchObject({ status: 400, code: 'validation_failed' });
});

test('an admin changes address, password, role and metadata without asking', async () => {
	const { client, id } = await project.person('duda');
	const email = address('duda-nova');
	const { data, error } = await project.admin.auth.admin.updateUserById(id, {
		email,
		password: 'another password',
		role: 'analyst',
		app_metadata: { tenant: 'padaria', provider: null }
	});
	expect(error).toBeNull();
	expect(data.user).toMatchObject({
		email,
		role: 'analyst',
		app_metadata: { tenant: 'padaria', providers: ['email'] }
	});
	expect(data.user!.app_metadata).not.toHaveProperty('provider');
	expect((await client.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	const { data: again } = await project.visitor().auth.signInWithPassword({ email, password: 'another password' });
	expect(claimsOf(again.session!.access_token)['role']).toBe('analyst');
});

test('a banned user neither signs in nor refreshes until the ban is lifted', async () => {
	const { client, id, email } = await project.person('edu');
	const { refresh_token } = (await client.auth.getSession()).data.session!;
	const { data } = await project.admin.auth.admin.updateUserById(id, { ban_duration: '1h30m' });
	expect(Date.parse((data.user as { banned_until?: string }).banned_until!) - Date.now()).toBeGreaterThan(89 * 60_000);
	expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error).toMatchObject({
		status: 400,
		code: 'user_banned'
	});
	expect((await project.visitor().auth.signInWithPassword({ email, password: 'wrong password' })).error).toMatchObject({
		code: 'invalid_credentials'
	});
	expect((await project.visitor().auth.refreshSession({ refresh_token })).error).toMatchObject({ code: 'user_banned' });
	await project.admin.auth.admin.updateUserById(id, { ban_duration: 'none' });
	expect((await project.visitor().auth.refreshSession({ refresh_token })).error).toBeNull();
	expect((await project.admin.auth.admin.updateUserById(id, { ban_duration: 'forever' })).error).toMatchObject({
		code: 'validation_failed'
	});
});

test('a deleted user is gone; a softly deleted one leaves a row that tells nothing of them', async () => {
	const hard = await project.person('vera');
	const soft = await project.person('vitor');
	expect((await project.admin.auth.admin.deleteUser(hard.id)).error).toBeNull();
	expect((await project.admin.auth.admin.deleteUser(soft.id, true)).error).toBeNull();
	expect((await hard.client.auth.getUser()).error).toMatchObject({ status: 403, code: 'user_not_found' });
	expect((await soft.client.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	expect((await project.admin.auth.admin.getUserById(hard.id)).error).toMatchObject({
		status: 404,
		code: 'user_not_found'
	});
	const { data } = await project.admin.auth.admin.getUserById(soft.id);
	expect(data.user).toMatchObject({
		deleted_at: expect.any(String),
		identities: [],
		user_metadata: {},
		email: expect.stringMatching(/^[0-9a-f]{64}$/)
	});
	for (const { email } of [hard, soft]) {
		expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error).toMatchObject({
			code: 'invalid_credentials'
		});
		expect((await project.visitor().auth.signUp({ email, password: PASSWORD })).error).toBeNull();
	}
});

test('a generated link signs in through the hash, the code or the address', async () => {
	const { email, id } = await project.person('ana');
	const generate = async () => {
		const { data, error } = await project.admin.auth.admin.generateLink({
			type: 'magiclink',
			email,
			options: { redirectTo: `${SITE}/inbox` }
		});
		expect(error).toBeNull();
		expect(data.properties).toMatchObject({ verification_type: 'magiclink', redirect_to: `${SITE}/inbox` });
		return data.properties!;
	};
	const { hashed_token } = await generate();
	expect((await project.visitor().auth.verifyOtp({ token_hash: hashed_token, type: 'magiclink' })).data.user!.id).toBe(
		id
	);
	expect((await project.visitor().auth.verifyOtp({ token_hash: hashed_token, type: 'magiclink' })).error).toMatchObject(
		{ code: 'otp_expired' }
	);
	const { email_otp } = await generate();
	expect((await project.visitor().auth.verifyOtp({ email, token: email_otp, type: 'magiclink' })).data.user!.id).toBe(
		id
	);
	const { action_link } = await generate();
	expect((await fetch(action_link, { redirect: 'manual' })).headers.get('location')).toMatch(
		`${SITE}/inbox#access_token=`
	);
});

test.each([
	['signup', 'signup'],
	['invite', 'invite'],
	['magiclink', 'signup']
] as const)('a link of type %s for a stranger makes the user', async (type, verification_type) => {
	const email = address('stranger');
	const { data, error } = await project.admin.auth.admin.generateLink(
		type === 'signup' ? { type, email, password: PASSWORD } : { type, email }
	);
	expect(error).toBeNull();
	expect(data.properties!.verification_type).toBe(verification_type);
	const proven = await project
		.visitor()
		.auth.verifyOtp({ token_hash: data.properties!.hashed_token, type: verification_type });
	expect(proven.data.user).toMatchObject({ email, email_confirmed_at: expect.any(String) });
});

test('a recovery link for a stranger is refused', async () => {
	const { error } = await project.admin.auth.admin.generateLink({ type: 'recovery', email: address('stranger') });
	expect(error).toMatchObject({ status: 404, code: 'user_not_found' });
});

test('an admin signs somebody out by their token', async () => {
	const { client } = await project.person('ana');
	const { access_token } = (await client.auth.getSession()).data.session!;
	expect((await project.admin.auth.admin.signOut(access_token, 'global')).error).toBeNull();
	expect((await client.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
});

test('nobody but the service key administers', async () => {
	const { client, id } = await project.person('ana');
	const { access_token } = (await client.auth.getSession()).data.session!;
	const routes = [
		['GET', '/admin/users'],
		['POST', '/admin/users'],
		['GET', `/admin/users/${id}`],
		['PUT', `/admin/users/${id}`],
		['DELETE', `/admin/users/${id}`],
		['GET', `/admin/users/${id}/factors`],
		['POST', '/admin/generate_link'],
		['POST', '/invite']
	] as const;
	for (const bearer of [
		access_token,
		project.anonKey,
		await project.jwt.sign({ role: 'authenticated', sub: id, app_metadata: { role: 'service_role' } })
	]) {
		for (const [method, path] of routes) {
			const response = await project.request(`/auth/v1${path}`, {
				method,
				headers: { authorization: `Bearer ${bearer}` }
			});
			expect([path, response.status, (await response.json()).error_code]).toEqual([path, 403, 'not_admin']);
		}
	}
});

test('an unknown path, a wrong method and an id that is none are said to be so', async () => {
	const service = { authorization: `Bearer ${await project.jwt.sign({ role: 'service_role' })}` };
	expect((await project.request('/auth/v1/nothing')).status).toBe(404);
	expect((await project.request('/auth/v1/signup')).status).toBe(405);
	expect((await project.request('/auth/v1/admin/users/7', { headers: service })).status).toBe(404);
	expect((await project.request('/auth/v1/settings')).status).toBe(200);
	expect((await project.request('/auth/v1/health')).status).toBe(200);
	expect(await (await project.request('/auth/v1/.well-known/jwks.json')).json()).toEqual({ keys: [] });
});
