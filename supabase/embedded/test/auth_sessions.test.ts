import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimsOf, PASSWORD, startProject, type Project } from './auth_project.ts';

let project: Project;
beforeAll(async () => {
	project = await startProject();
});
afterAll(() => project.stop());

const address = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}@padaria.test`;

test('someone who signs up is signed in at once, with the claims GoTrue gives', async () => {
	const email = address('Ana');
	const { data, error } = await project
		.visitor()
		.auth.signUp({ email, password: PASSWORD, options: { data: { name: 'Ana' } } });
	expect(error).toBeNull();
	const claims = claimsOf(data.session!.access_token);
	expect(claims).toEqual({
		iss: `${project.url}/auth/v1`,
		sub: data.user!.id,
		aud: 'authenticated',
		exp: expect.any(Number),
		iat: expect.any(Number),
		email: email.toLowerCase(),
		phone: '',
		app_metadata: { provider: 'email', providers: ['email'] },
		user_metadata: {
			name: 'Ana',
			sub: data.user!.id,
			email: email.toLowerCase(),
			email_verified: true,
			phone_verified: false
		},
		role: 'authenticated',
		aal: 'aal1',
		amr: [{ method: 'password', timestamp: expect.any(Number) }],
		session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
		is_anonymous: false
	});
	expect(claims.exp! - claims.iat!).toBe(900);
	expect(data.user).toMatchObject({
		email: email.toLowerCase(),
		role: 'authenticated',
		identities: [{ provider: 'email', user_id: data.user!.id }]
	});
	expect(data.user!.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
});

test('the same address cannot sign up twice', async () => {
	const { email } = await project.person('ana');
	const { error } = await project.visitor().auth.signUp({ email: email.toUpperCase(), password: 'something else' });
	expect(error).toMatchObject({ status: 422, code: 'user_already_exists' });
});

test('a short password is weak, one beyond what bcrypt reads is refused', async () => {
	const weak = await project.visitor().auth.signUp({ email: address('ana'), password: '12345' });
	expect(weak.error).toMatchObject({
		name: 'AuthWeakPasswordError',
		status: 422,
		code: 'weak_password',
		reasons: ['length']
	});
	const long = await project.visitor().auth.signUp({ email: address('ana'), password: 'ã'.repeat(37) });
	expect(long.error).toMatchObject({ status: 400, code: 'validation_failed' });
});

test('passwords are kept as bcrypt of cost 10 and nothing else', async () => {
	const { id } = await project.person('ana');
	const [row] = await project.sql`select encrypted_password from auth.users where id = ${id}`;
	expect(row!['encrypted_password']).toMatch(/^\$2a\$10\$/);
});

test('a wrong password and an unknown address get the same answer', async () => {
	const { email } = await project.person('ana');
	const wrong = await project.visitor().auth.signInWithPassword({ email, password: 'wrong password' });
	const unknown = await project
		.visitor()
		.auth.signInWithPassword({ email: address('nobody'), password: 'wrong password' });
	expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials', message: 'Invalid login credentials' });
	expect({ ...unknown.error }).toEqual({ ...wrong.error });
});

test('an unknown address takes as long as a wrong password', async () => {
	const { email } = await project.person('ana');
	const timed = async (address: string) => {
		const start = performance.now();
		await project.visitor().auth.signInWithPassword({ email: address, password: 'wrong password' });
		return performance.now() - start;
	};
	const known = Math.min(await timed(email), await timed(email), await timed(email));
	const unknown = Math.min(await timed(address('x')), await timed(address('y')), await timed(address('z')));
	// One bcrypt takes some 60 ms; an answer without it takes 3.
	expect(unknown).toBeGreaterThan(known / 2);
	expect(unknown).toBeLessThan(known * 2);
});

test('guessing is slowed down after ten failures, for this account only, and the right password comes too late', async () => {
	const { email } = await project.person('ana');
	const other = await project.person('bruno');
	const attempt = (address: string, password: string) =>
		project.visitor().auth.signInWithPassword({ email: address, password });
	const guesses = await Promise.all(Array.from({ length: 10 }, (_, index) => attempt(email, `guess ${index}`)));
	expect(guesses.map(({ error }) => error?.code)).toEqual(Array(10).fill('invalid_credentials'));
	expect((await attempt(email, PASSWORD)).error).toMatchObject({ status: 429, code: 'over_request_rate_limit' });
	expect((await attempt(other.email, PASSWORD)).error).toBeNull();
});

test('guesses sent all at once learn nothing after the tenth either', async () => {
	const { email } = await project.person('ana');
	const guess = (password: string) => project.visitor().auth.signInWithPassword({ email, password });
	const all = await Promise.all([
		...Array.from({ length: 30 }, (_, index) => guess(`guess ${index}`)),
		guess(PASSWORD)
	]);
	expect(all.at(-1)!.error).toMatchObject({ status: 429, code: 'over_request_rate_limit' });
});

test('a password with a NUL character is wrong, not an error', async () => {
	const { email } = await project.person('ana');
	const { error } = await project.visitor().auth.signInWithPassword({ email, password: `${PASSWORD}\0` });
	expect(error).toMatchObject({ status: 400, code: 'invalid_credentials' });
});

test('a seed may bring its own bcrypt hash, also in the spelling of PHP', async () => {
	for (const spelling of ['$2a$', '$2b$', '$2y$']) {
		const email = address('seeded');
		const [row] = await project.sql`select extensions.crypt('from a seed', extensions.gen_salt('bf', 4)) as hash`;
		await project.sql`
			insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at)
			values (gen_random_uuid(), 'authenticated', 'authenticated', ${email}, ${String(row!['hash']).replace('$2a$', spelling)}, now())`;
		const { data, error } = await project.visitor().auth.signInWithPassword({ email, password: 'from a seed' });
		expect(error).toBeNull();
		expect(data.user!.app_metadata).toEqual({});
	}
});

test('a refresh token is exchanged for the next one', async () => {
	const { client } = await project.person('ana');
	const before = (await client.auth.getSession()).data.session!;
	const { data, error } = await client.auth.refreshSession();
	expect(error).toBeNull();
	expect(data.session!.refresh_token).not.toBe(before.refresh_token);
	expect(claimsOf(data.session!.access_token)['session_id']).toBe(claimsOf(before.access_token)['session_id']);
	expect((await client.auth.getUser()).error).toBeNull();
});

test('two tabs that refresh at once both get the same next token', async () => {
	const { client } = await project.person('ana');
	const { refresh_token } = (await client.auth.getSession()).data.session!;
	const tabs = await Promise.all(
		Array.from({ length: 5 }, () => project.visitor().auth.refreshSession({ refresh_token }))
	);
	expect(tabs.map(({ error }) => error)).toEqual(Array(5).fill(null));
	expect(new Set(tabs.map(({ data }) => data.session!.refresh_token)).size).toBe(1);
});

test('a refresh token used again after ten seconds ends the whole session', async () => {
	const { client } = await project.person('ana');
	const stolen = (await client.auth.getSession()).data.session!.refresh_token;
	await client.auth.refreshSession();
	await project.sql`update auth.refresh_tokens set updated_at = now() - interval '11 seconds' where token = ${stolen}`;
	const reused = await project.visitor().auth.refreshSession({ refresh_token: stolen });
	expect(reused.error).toMatchObject({ status: 400, code: 'refresh_token_already_used' });
	expect((await client.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	const current = (await client.auth.getSession()).data.session?.refresh_token;
	if (current)
		expect((await project.visitor().auth.refreshSession({ refresh_token: current })).error).toMatchObject({
			code: 'refresh_token_not_found'
		});
});

test('a refresh token lies idle for seven days at most', async () => {
	const { client } = await project.person('ana');
	const { refresh_token } = (await client.auth.getSession()).data.session!;
	await project.sql`update auth.refresh_tokens set created_at = now() - interval '7 days 1 minute' where token = ${refresh_token}`;
	expect((await project.visitor().auth.refreshSession({ refresh_token })).error).toMatchObject({
		status: 400,
		code: 'session_expired'
	});
});

test('an invented refresh token is not found', async () => {
	const { error } = await project.visitor().auth.refreshSession({ refresh_token: "' or true --" });
	expect(error).toMatchObject({ status: 400, code: 'refresh_token_not_found' });
});

test.each([
	['local', [true, false]],
	['others', [false, true]],
	['global', [true, true]]
] as const)('signing out with scope %s ends exactly those sessions', async (scope, [hereEnded, thereEnded]) => {
	const { client: here, email } = await project.person('ana');
	const there = project.visitor();
	await there.auth.signInWithPassword({ email, password: PASSWORD });
	const tokens = await Promise.all([here, there].map(async (client) => (await client.auth.getSession()).data.session!));
	expect((await here.auth.signOut({ scope })).error).toBeNull();
	const ended = await Promise.all(
		tokens.map(async ({ access_token }) => {
			const response = await project.request('/auth/v1/user', { headers: { authorization: `Bearer ${access_token}` } });
			return response.status === 403 && (await response.json()).error_code === 'session_not_found';
		})
	);
	expect(ended).toEqual([hereEnded, thereEnded]);
	for (const [index, { refresh_token }] of tokens.entries()) {
		const { error } = await project.visitor().auth.refreshSession({ refresh_token });
		expect(error?.code).toBe(ended[index] ? 'refresh_token_not_found' : undefined);
	}
});

test('a token that is forged, unsigned, expired or cut off speaks for nobody', async () => {
	const { client, id } = await project.person('ana');
	const real = (await client.auth.getSession()).data.session!.access_token;
	const [header, payload, signature] = real.split('.') as [string, string, string];
	const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const signed = (head: unknown, body: unknown, secret: string, hash: string) => {
		const data = `${encode(head)}.${encode(body)}`;
		return `${data}.${createHmac(hash, secret).update(data).digest('base64url')}`;
	};
	const claims = claimsOf(real);
	const forgeries = {
		'another secret': signed({ alg: 'HS256', typ: 'JWT' }, claims, 'guess', 'sha256'),
		'an empty secret': signed({ alg: 'HS256', typ: 'JWT' }, claims, '', 'sha256'),
		'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`,
		'alg None with the old signature': `${encode({ alg: 'None' })}.${payload}.${signature}`,
		'another payload': `${header}.${encode({ ...claims, role: 'service_role' })}.${signature}`,
		'no signature': `${header}.${payload}.`,
		expired: await project.jwt.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 }),
		'not a token': 'x.y.z'
	};
	for (const [what, token] of Object.entries(forgeries)) {
		for (const [method, path] of [
			['GET', '/auth/v1/user'],
			['PUT', '/auth/v1/user'],
			['GET', '/auth/v1/admin/users'],
			['DELETE', `/auth/v1/admin/users/${id}`]
		] as const) {
			const response = await project.request(path, { method, headers: { authorization: `Bearer ${token}` } });
			expect([what, path, response.status, (await response.json()).error_code]).toEqual([what, path, 403, 'bad_jwt']);
		}
	}
});

test('a key is no user, and nobody is asked for a token', async () => {
	const anonymous = await project.request('/auth/v1/user', { headers: { authorization: `Bearer ${project.anonKey}` } });
	expect([anonymous.status, (await anonymous.json()).error_code]).toEqual([403, 'bad_jwt']);
});

test('errors come as {code, error_code, msg}, or as {code, message} where the newer form is asked for', async () => {
	const body = JSON.stringify({ email: 'nobody@padaria.test', password: 'wrong' });
	const old = await project.request('/auth/v1/token?grant_type=password', { method: 'POST', body });
	expect(await old.json()).toEqual({ code: 400, error_code: 'invalid_credentials', msg: 'Invalid login credentials' });
	const newer = await project.request('/auth/v1/token?grant_type=password', {
		method: 'POST',
		body,
		headers: { 'x-supabase-api-version': '2024-01-01' }
	});
	expect(await newer.json()).toEqual({ code: 'invalid_credentials', message: 'Invalid login credentials' });
	expect(newer.headers.get('x-sb-error-code')).toBe('invalid_credentials');
});

test('a body that is no JSON, of a wrong type, or with half a character is the caller’s mistake', async () => {
	const post = async (body: string) => {
		const response = await project.request('/auth/v1/signup', { method: 'POST', body });
		return [response.status, (await response.json()).error_code];
	};
	expect(await post('{"email":')).toEqual([400, 'bad_json']);
	expect(await post('{"email":7}')).toEqual([400, 'validation_failed']);
	expect(await post(`{"email":"${address('half')}","password":"${PASSWORD}","data":{"name":"\\ud800"}}`)).toEqual([
		400,
		'validation_failed'
	]);
	expect(await post(`{"email":"not an address","password":"${PASSWORD}"}`)).toEqual([400, 'validation_failed']);
});

test('someone may come in anonymously and become a person later', async () => {
	const client = project.visitor();
	const { data } = await client.auth.signInAnonymously({ options: { data: { cart: 3 } } });
	expect(claimsOf(data.session!.access_token)).toMatchObject({ is_anonymous: true, role: 'authenticated', email: '' });
	const email = address('later');
	const { data: updated, error } = await client.auth.updateUser({ email, password: PASSWORD });
	expect(error).toBeNull();
	expect(updated.user).toMatchObject({ id: data.user!.id, email, is_anonymous: false });
	expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error).toBeNull();
});

test('a user changes their own metadata but not what the app says of them', async () => {
	const { client } = await project.person('ana');
	await client.auth.updateUser({ data: { theme: 'dark', draft: 'x' } });
	const { data } = await client.auth.updateUser({ data: { draft: null, lang: 'pt' } });
	expect(data.user!.user_metadata).toEqual({ email_verified: true, theme: 'dark', lang: 'pt' });
	const { access_token } = (await client.auth.getSession()).data.session!;
	const response = await project.request('/auth/v1/user', {
		method: 'PUT',
		headers: { authorization: `Bearer ${access_token}` },
		body: JSON.stringify({ app_metadata: { role: 'admin' } })
	});
	expect([response.status, (await response.json()).error_code]).toEqual([403, 'not_admin']);
});

test('a new password ends the other sessions and keeps this one', async () => {
	const { client: here, email } = await project.person('ana');
	const there = project.visitor();
	await there.auth.signInWithPassword({ email, password: PASSWORD });
	expect((await here.auth.updateUser({ password: PASSWORD })).error).toMatchObject({
		status: 422,
		code: 'same_password'
	});
	expect((await here.auth.updateUser({ password: 'another password' })).error).toBeNull();
	expect((await here.auth.getUser()).error).toBeNull();
	expect((await there.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error?.code).toBe(
		'invalid_credentials'
	);
	expect((await project.visitor().auth.signInWithPassword({ email, password: 'another password' })).error).toBeNull();
});

test('a hook may add claims, refuse, and not drop what a token needs; a refused refresh costs nothing', async () => {
	const { client } = await project.person('ana');
	const { refresh_token } = (await client.auth.getSession()).data.session!;
	// Not by supabase-js, which patiently tries again after a 500.
	const refresh = () =>
		project.request('/auth/v1/token?grant_type=refresh_token', {
			method: 'POST',
			body: JSON.stringify({ refresh_token })
		});
	const hook = (body: string) =>
		project.sql.unsafe(
			`create or replace function public.custom_access_token_hook(event jsonb) returns jsonb language plpgsql as $$ begin ${body} end $$`
		);
	try {
		await hook(`return '{"error": {"http_code": 403, "message": "not today"}}';`);
		const refused = await refresh();
		expect([refused.status, (await refused.json()).msg]).toEqual([403, 'not today']);
		await hook(`return event #- '{claims,sub}';`);
		expect((await refresh()).status).toBe(500);
		const [row] = await project.sql`select revoked from auth.refresh_tokens where token = ${refresh_token}`;
		expect(row).toEqual({ revoked: false });
		await hook(`return jsonb_set(event, '{claims,tenants}', to_jsonb(array[event->>'authentication_method']));`);
		const { access_token, user } = await (await refresh()).json();
		expect(claimsOf(access_token)).toMatchObject({ tenants: ['password'], sub: user.id });
	} finally {
		await project.sql`drop function public.custom_access_token_hook(jsonb)`;
	}
});

test('visitors and users may ask who they are and see nothing of the tables', async () => {
	const tables = await project.sql<
		{ name: string }[]
	>`select format('auth.%I', tablename) as name from pg_tables where schemaname = 'auth'`;
	expect(tables.length).toBeGreaterThan(10);
	for (const role of ['anon', 'authenticated', 'service_role']) {
		for (const { name } of tables) {
			const attempt = project.sql.begin(async (tx) => {
				await tx.unsafe(`set local role ${role}`);
				await tx.unsafe(`select * from ${name}`);
			});
			await expect(attempt, `${role} reads ${name}`).rejects.toThrow('permission denied');
		}
		const [row] = await project.sql.begin(async (tx) => {
			await tx.unsafe(
				`set local role ${role}; set local request.jwt.claims = '{"sub":"11111111-1111-1111-1111-111111111111","role":"x","email":"a@b.c"}'`
			);
			return tx`select auth.uid(), auth.role(), auth.email(), auth.jwt() ->> 'sub' as sub`;
		});
		expect(row).toEqual({
			uid: '11111111-1111-1111-1111-111111111111',
			role: 'x',
			email: 'a@b.c',
			sub: '11111111-1111-1111-1111-111111111111'
		});
	}
});

test('postgres may refer to users by foreign key, put triggers on them and delete what hangs on them', async () => {
	await project.sql.begin(async (tx) => {
		await tx`set local role postgres`;
		await tx.unsafe(`
			create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, name text);
			create function public.handle_new_user() returns trigger language plpgsql security definer set search_path = '' as
				$$ begin insert into public.profiles values (new.id, new.raw_user_meta_data ->> 'name'); return new; end $$;
			create trigger on_auth_user_created after insert on auth.users for each row execute function public.handle_new_user();
		`);
	});
	try {
		const { data } = await project
			.visitor()
			.auth.signUp({ email: address('duda'), password: PASSWORD, options: { data: { name: 'Duda' } } });
		expect(await project.sql`select name from public.profiles where id = ${data.user!.id}`).toEqual([{ name: 'Duda' }]);
		await project.admin.auth.admin.deleteUser(data.user!.id);
		expect(await project.sql`select 1 from public.profiles where id = ${data.user!.id}`).toHaveLength(0);
	} finally {
		await project.sql.unsafe(
			'drop table public.profiles; drop trigger on_auth_user_created on auth.users; drop function public.handle_new_user()'
		);
	}
});
