import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOtp } from '../src/auth/one_time_tokens.ts';
import { claimsOf, codeIn, linkIn, PASSWORD, SITE, startProject, type Project } from './auth_project.ts';

const address = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}@padaria.test`;
/** Mails to one address are a second apart. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 1050));
/** Opens a link from a mail and says where it leads. */
const open = async (link: string) => {
	const response = await fetch(link, { redirect: 'manual' });
	expect(response.status).toBe(303);
	const location = new URL(response.headers.get('location')!);
	return { location, fragment: new URLSearchParams(location.hash.slice(1)) };
};

describe('where an address has to be confirmed', () => {
	let project: Project;
	beforeAll(async () => {
		project = await startProject({ auth: { autoconfirm: false } });
	});
	afterAll(() => project.stop());

	test('a sign-up gives no session until the link is opened, and the link works once', async () => {
		const email = address('ana');
		const client = project.visitor();
		const { data } = await client.auth.signUp({
			email,
			password: PASSWORD,
			options: { emailRedirectTo: `${SITE}/welcome` }
		});
		expect(data.session).toBeNull();
		expect((await client.auth.signInWithPassword({ email, password: PASSWORD })).error).toMatchObject({
			status: 400,
			code: 'email_not_confirmed'
		});
		const [mail] = await project.mailsTo(email);
		const { location, fragment } = await open(linkIn(mail!));
		expect(location.href.split('#')[0]).toBe(`${SITE}/welcome`);
		expect(claimsOf(fragment.get('access_token')!)).toMatchObject({ sub: data.user!.id, amr: [{ method: 'otp' }] });
		expect(Object.fromEntries(fragment)).toMatchObject({ token_type: 'bearer', type: 'signup', expires_in: '900' });
		expect((await client.auth.signInWithPassword({ email, password: PASSWORD })).error).toBeNull();
		const again = await open(linkIn(mail!));
		expect(Object.fromEntries(again.fragment)).toEqual({
			error: 'access_denied',
			error_code: 'otp_expired',
			error_description: 'Email link is invalid or has expired'
		});
	});

	test('the code in the mail does the same as the link', async () => {
		const email = address('ana');
		const client = project.visitor();
		await client.auth.signUp({ email, password: PASSWORD });
		const [mail] = await project.mailsTo(email);
		const { data, error } = await client.auth.verifyOtp({ email, token: codeIn(mail!), type: 'email' });
		expect(error).toBeNull();
		expect(data.user!.email_confirmed_at).toBeTruthy();
	});

	test('signing up with somebody’s address tells nothing and changes nothing', async () => {
		const { email } = await project.person('ana');
		const known = await project.visitor().auth.signUp({ email, password: 'an intruder' });
		const unknown = await project.visitor().auth.signUp({ email: address('new'), password: 'a newcomer' });
		expect(known.error).toBeNull();
		expect(Object.keys(known.data.user!).sort()).toEqual(Object.keys(unknown.data.user!).sort());
		expect(known.data.user!.identities).toEqual([]);
		expect(await project.mailsTo(email)).toEqual([]);
		expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error).toBeNull();
	});

	test('the confirmation can be sent once more, but not twice within a second', async () => {
		const email = address('ana');
		await project.visitor().auth.signUp({ email, password: PASSWORD });
		const soon = await project.visitor().auth.resend({ type: 'signup', email });
		expect(soon.error).toMatchObject({ status: 429, code: 'over_email_send_rate_limit' });
		await aMoment();
		expect((await project.visitor().auth.resend({ type: 'signup', email })).error).toBeNull();
		const [second, first] = await project.mailsTo(email);
		expect((await open(linkIn(first!))).fragment.get('error_code')).toBe('otp_expired');
		expect((await open(linkIn(second!))).fragment.get('access_token')).toBeTruthy();
	});

	test('a sign-up in the PKCE flow leads to a code that only its own browser can use', async () => {
		const email = address('ana');
		const browser = project.visitor({ flowType: 'pkce' });
		await browser.auth.signUp({ email, password: PASSWORD });
		const [mail] = await project.mailsTo(email);
		const { location } = await open(linkIn(mail!));
		expect(location.hash).toBe('');
		const { data, error } = await browser.auth.exchangeCodeForSession(location.searchParams.get('code')!);
		expect(error).toBeNull();
		expect(data.user!.email).toBe(email);
	});
});

describe('mails', () => {
	let project: Project;
	beforeAll(async () => {
		project = await startProject({ auth: { redirectUrls: ['https://app.example.com/**', 'prosa://login'] } });
	});
	afterAll(() => project.stop());

	test('someone who forgot the password gets a link, signs in with it and chooses another', async () => {
		const { email } = await project.person('ana');
		const client = project.visitor();
		expect((await client.auth.resetPasswordForEmail(email, { redirectTo: `${SITE}/reset` })).error).toBeNull();
		const [mail] = await project.mailsTo(email);
		const { fragment } = await open(linkIn(mail!));
		expect(fragment.get('type')).toBe('recovery');
		await client.auth.setSession({
			access_token: fragment.get('access_token')!,
			refresh_token: fragment.get('refresh_token')!
		});
		expect((await client.auth.updateUser({ password: 'a new password' })).error).toBeNull();
		expect((await project.visitor().auth.signInWithPassword({ email, password: 'a new password' })).error).toBeNull();
	});

	test('recovery in the PKCE flow: the code needs its verifier and works once', async () => {
		const { email } = await project.person('ana');
		const browser = project.visitor({ flowType: 'pkce' });
		await browser.auth.resetPasswordForEmail(email, { redirectTo: `${SITE}/auth/confirm?next=/reset` });
		const [mail] = await project.mailsTo(email);
		const { location } = await open(linkIn(mail!));
		expect(location.searchParams.get('next')).toBe('/reset');
		const code = location.searchParams.get('code')!;
		const redeem = (auth_code: string, code_verifier: string) =>
			project.request('/auth/v1/token?grant_type=pkce', {
				method: 'POST',
				body: JSON.stringify({ auth_code, code_verifier })
			});
		const guessed = await redeem(code, 'a'.repeat(56));
		expect([guessed.status, (await guessed.json()).error_code]).toEqual([400, 'bad_code_verifier']);
		const { data, error } = await browser.auth.exchangeCodeForSession(code);
		expect(error).toBeNull();
		expect(claimsOf(data.session!.access_token)['amr']).toMatchObject([{ method: 'recovery' }]);
		const again = await redeem(code, 'a'.repeat(56));
		expect([again.status, (await again.json()).error_code]).toEqual([404, 'flow_state_not_found']);
	});

	test('a PKCE code is good for five minutes', async () => {
		const { email, id } = await project.person('ana');
		const browser = project.visitor({ flowType: 'pkce' });
		await browser.auth.signInWithOtp({ email });
		const [mail] = await project.mailsTo(email);
		const { location } = await open(linkIn(mail!));
		await project.sql`update auth.flow_state set auth_code_issued_at = now() - interval '5 minutes 1 second' where user_id = ${id}`;
		const { error } = await browser.auth.exchangeCodeForSession(location.searchParams.get('code')!);
		expect(error).toMatchObject({ code: 'flow_state_expired' });
	});

	test('a server may take the token hash of the mail instead of sending people through the link', async () => {
		const { email, id } = await project.person('ana');
		await project.visitor({ flowType: 'pkce' }).auth.resetPasswordForEmail(email);
		const [mail] = await project.mailsTo(email);
		const token_hash = new URL(linkIn(mail!)).searchParams.get('token')!;
		expect(token_hash).toMatch(/^pkce_/);
		const { data } = await project.visitor().auth.verifyOtp({ token_hash, type: 'recovery' });
		expect(data.user!.id).toBe(id);
	});

	test('asking for a new password never tells who has an account', async () => {
		const { email } = await project.person('ana');
		const ask = async (to: string) => {
			const { data, error } = await project.visitor().auth.resetPasswordForEmail(to);
			return { data, code: error?.code };
		};
		const stranger = address('nobody');
		expect([await ask(email), await ask(email)]).toEqual([await ask(stranger), await ask(stranger)]);
		expect(await project.mailsTo(stranger)).toEqual([]);
		expect(await project.mailsTo(email)).toHaveLength(1);
	});

	test.each([
		['https://evil.example/', SITE],
		['http://127.0.0.1:3000.evil.example/', SITE],
		['http://127.0.0.1:3000@evil.example/', SITE],
		['http://127.0.0.1:3001/', SITE],
		['//evil.example', SITE],
		['javascript:alert(1)', SITE],
		['https://app.example.com.evil.example/x', SITE],
		['https://evil.example/https://app.example.com/x', SITE],
		['prosa://login/../evil', SITE],
		['http://localhost:3000/deep/link?a=1', 'http://localhost:3000/deep/link?a=1'],
		['https://app.example.com/deep/link', 'https://app.example.com/deep/link'],
		['prosa://login', 'prosa://login']
	])('a link asked to lead to %s leads to %s', async (redirectTo, leadsTo) => {
		const { email } = await project.person('ana');
		await project.visitor().auth.resetPasswordForEmail(email, { redirectTo });
		const [mail] = await project.mailsTo(email);
		expect(new URL(linkIn(mail!)).searchParams.get('redirect_to')).toBe(leadsTo);
		// Also when the link itself was tampered with.
		const tampered = new URL(linkIn(mail!));
		tampered.searchParams.set('redirect_to', redirectTo);
		const response = await fetch(tampered, { redirect: 'manual' });
		expect(response.headers.get('location')!.split('#')[0]).toBe(leadsTo);
	});

	test('a link is good for an hour', async () => {
		const { email, id } = await project.person('ana');
		await project.visitor().auth.resetPasswordForEmail(email);
		const [mail] = await project.mailsTo(email);
		await project.sql`update auth.one_time_tokens set created_at = (now() at time zone 'utc') - interval '61 minutes' where user_id = ${id}`;
		expect((await open(linkIn(mail!))).fragment.get('error_code')).toBe('otp_expired');
	});

	test('a magic link makes the person, unless told not to', async () => {
		const email = address('new');
		expect(
			(await project.visitor().auth.signInWithOtp({ email, options: { shouldCreateUser: false } })).error
		).toMatchObject({ status: 422, code: 'otp_disabled' });
		await aMoment();
		const client = project.visitor();
		expect((await client.auth.signInWithOtp({ email, options: { data: { name: 'New' } } })).error).toBeNull();
		const [mail] = await project.mailsTo(email);
		const { data } = await client.auth.verifyOtp({ email, token: codeIn(mail!), type: 'email' });
		expect(data.user).toMatchObject({ email, user_metadata: { name: 'New', email_verified: true } });
	});

	test('six digits cannot be guessed', async () => {
		const { email } = await project.person('ana');
		await project.visitor().auth.signInWithOtp({ email });
		const [mail] = await project.mailsTo(email);
		const right = codeIn(mail!);
		for (let guess = 0; guess < 10; guess++) {
			const token = String((Number(right) + 1 + guess) % 1_000_000).padStart(6, '0');
			const { error } = await project.visitor().auth.verifyOtp({ email, token, type: 'email' });
			expect(error).toMatchObject({ status: 403, code: 'otp_expired' });
		}
		const { error } = await project.visitor().auth.verifyOtp({ email, token: right, type: 'email' });
		expect(error).toMatchObject({ status: 429, code: 'over_request_rate_limit' });
	});

	test('a code for one purpose does not serve another', async () => {
		const { email } = await project.person('ana');
		await project.visitor().auth.resetPasswordForEmail(email);
		const [mail] = await project.mailsTo(email);
		for (const type of ['signup', 'invite', 'email_change'] as const) {
			expect((await project.visitor().auth.verifyOtp({ email, token: codeIn(mail!), type })).error).toMatchObject({
				code: 'otp_expired'
			});
		}
		expect(
			(await project.visitor().auth.verifyOtp({ email, token: codeIn(mail!), type: 'recovery' })).error
		).toBeNull();
	});

	test('another address counts once both the old and the new one have agreed', async () => {
		const { client, email: old } = await project.person('ana');
		const next = address('ana-maria');
		const { data, error } = await client.auth.updateUser({ email: next });
		expect(error).toBeNull();
		expect(data.user).toMatchObject({ email: old, new_email: next });
		const half = await open(linkIn((await project.mailsTo(next))[0]!));
		expect(half.fragment.get('message')).toContain('other email');
		expect((await client.auth.getUser()).data.user!.email).toBe(old);
		const done = await open(linkIn((await project.mailsTo(old))[0]!));
		expect(claimsOf(done.fragment.get('access_token')!)['email']).toBe(next);
		expect((await client.auth.getUser()).data.user).toMatchObject({ email: next, identities: [{ email: next }] });
		expect((await project.visitor().auth.signInWithPassword({ email: old, password: PASSWORD })).error?.code).toBe(
			'invalid_credentials'
		);
		expect((await project.visitor().auth.signInWithPassword({ email: next, password: PASSWORD })).error).toBeNull();
	});

	test('nobody takes an address that is somebody else’s', async () => {
		const ana = await project.person('ana');
		const bruno = await project.person('bruno');
		expect((await ana.client.auth.updateUser({ email: bruno.email })).error).toMatchObject({
			status: 422,
			code: 'email_exists'
		});
	});

	test('an invitation makes the person and lets them in to choose a password', async () => {
		const email = address('invited');
		const { data, error } = await project.admin.auth.admin.inviteUserByEmail(email, {
			data: { tenant: 'padaria' },
			redirectTo: `${SITE}/join`
		});
		expect(error).toBeNull();
		expect(data.user).toMatchObject({ email, user_metadata: { tenant: 'padaria' }, invited_at: expect.any(String) });
		const [mail] = await project.mailsTo(email);
		expect(mail!.subject).toContain('convite');
		expect((await project.visitor().auth.signUp({ email, password: 'an intruder' })).error).toMatchObject({
			code: 'user_already_exists'
		});
		const { location, fragment } = await open(linkIn(mail!));
		expect(location.pathname).toBe('/join');
		const client = project.visitor();
		await client.auth.setSession({
			access_token: fragment.get('access_token')!,
			refresh_token: fragment.get('refresh_token')!
		});
		expect((await client.auth.updateUser({ password: PASSWORD })).error).toBeNull();
		expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error).toBeNull();
		expect((await project.admin.auth.admin.inviteUserByEmail(email)).error).toMatchObject({
			status: 422,
			code: 'email_exists'
		});
	});
});

describe('a link that is made up', () => {
	let project: Project;
	beforeAll(async () => {
		project = await startProject();
	});
	afterAll(() => project.stop());

	test('leads nowhere, however many are tried one after the other or all at once', async () => {
		const { email } = await project.person('ana');
		await project.visitor().auth.resetPasswordForEmail(email);
		const [mail] = await project.mailsTo(email);
		const right = Number(codeIn(mail!));
		const hashOf = (code: number) => hashOtp(email, String(code % 1_000_000).padStart(6, '0'));
		const tryHash = (token_hash: string) => project.visitor().auth.verifyOtp({ token_hash, type: 'recovery' });

		const answers = await Promise.all([
			...Array.from({ length: 60 }, (_, guess) => tryHash(hashOf(right + 1 + guess))),
			tryHash(hashOf(right))
		]);
		expect(answers.at(-1)!.error).toMatchObject({ status: 429, code: 'over_request_rate_limit' });
		const { fragment } = await open(linkIn(mail!));
		expect(fragment.get('error_code')).toBe('over_request_rate_limit');
	});
});
