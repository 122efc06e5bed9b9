import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { qrModules, qrSvg } from '../src/auth/qr_code.ts';
import { totpCode, totpMatches } from '../src/auth/totp.ts';
import { claimsOf, PASSWORD, startProject, type Project } from './auth_project.ts';

let project: Project;
beforeAll(async () => {
	project = await startProject();
});
afterAll(() => project.stop());

const now = () => Date.now() / 1000;
const enrolled = async (name = 'telefone') => {
	const person = await project.person('ana');
	const { data } = await person.client.auth.mfa.enroll({ factorType: 'totp', friendlyName: name });
	if (data?.type !== 'totp') throw new Error('not enrolled');
	return { ...person, factorId: data.id, totp: data.totp };
};
const verified = async () => {
	const person = await enrolled();
	const { error } = await person.client.auth.mfa.challengeAndVerify({
		factorId: person.factorId,
		code: totpCode(person.totp.secret, now())
	});
	expect(error).toBeNull();
	return person;
};

test('codes are those of RFC 6238', () => {
	const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'; // 12345678901234567890
	expect([59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000].map((at) => totpCode(secret, at))).toEqual([
		'287082',
		'081804',
		'050471',
		'005924',
		'279037',
		'353130'
	]);
	expect(totpMatches(secret, '287082', 59 + 30)).toBe(true);
	expect(totpMatches(secret, '287082', 59 + 61)).toBe(false);
	expect(totpMatches(secret, '28708２', 59)).toBe(false);
});

test('a QR code is the one that an independent reader has read back', () => {
	// Codes of versions 1 to 19 were read back with jsQR; these two stand for them.
	const digest = (text: string) =>
		createHash('sha256')
			.update(JSON.stringify(qrModules(text)))
			.digest('hex');
	expect(
		digest(
			'otpauth://totp/prosa:ana@padaria.test?algorithm=SHA1&digits=6&issuer=prosa&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
		)
	).toBe('90f3a81ffd3ddd623bc49dc81fbfd3fc8d98cc2e134d2a1d266b14bd55f796ba');
	expect(qrModules('HELLO')).toHaveLength(21);
	expect(() => qrSvg('x'.repeat(700))).toThrow(RangeError);
});

test('an authenticator app is enrolled by QR code or secret, and its address says both', async () => {
	const { totp, email } = await enrolled();
	const uri = new URL(totp.uri);
	expect(totp.uri).toMatch(/^otpauth:\/\/totp\//);
	expect(decodeURIComponent(uri.pathname)).toContain(email);
	expect(uri.searchParams.get('secret')).toBe(totp.secret);
	expect(totp.secret).toMatch(/^[A-Z2-7]{32}$/);
	expect(totp.qr_code).toMatch(/^data:image\/svg\+xml;utf-8,<svg /);
});

test('the right code lifts the session to aal2, ends the others, and the next sign-in is asked for it', async () => {
	const { client, email, factorId, totp } = await enrolled();
	const other = project.visitor();
	await other.auth.signInWithPassword({ email, password: PASSWORD });
	const wrong = await client.auth.mfa.challengeAndVerify({ factorId, code: '000000' });
	expect(wrong.error).toMatchObject({ status: 422, code: 'mfa_verification_failed' });
	const right = await client.auth.mfa.challengeAndVerify({ factorId, code: totpCode(totp.secret, now()) });
	expect(right.error).toBeNull();
	expect((await client.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({
		currentLevel: 'aal2',
		nextLevel: 'aal2'
	});
	const { access_token } = (await client.auth.getSession()).data.session!;
	const methods = claimsOf(access_token)['amr'] as { method: string }[];
	expect(methods.map(({ method }) => method)).toEqual(['totp', 'password']);
	expect((await client.auth.mfa.listFactors()).data!.totp).toMatchObject([
		{ id: factorId, status: 'verified', friendly_name: 'telefone' }
	]);
	expect((await other.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	expect((await client.auth.refreshSession()).error).toBeNull();
	expect((await client.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({ currentLevel: 'aal2' });

	const next = project.visitor();
	await next.auth.signInWithPassword({ email, password: PASSWORD });
	expect((await next.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({
		currentLevel: 'aal1',
		nextLevel: 'aal2'
	});
});

test('without the second factor nobody changes the password, enrols another factor or takes one away', async () => {
	const { email, factorId } = await verified();
	const thief = project.visitor();
	await thief.auth.signInWithPassword({ email, password: PASSWORD });
	expect((await thief.auth.updateUser({ password: 'stolen account' })).error).toMatchObject({
		status: 401,
		code: 'insufficient_aal'
	});
	expect((await thief.auth.updateUser({ email: 'thief@evil.example' })).error).toMatchObject({
		code: 'insufficient_aal'
	});
	expect((await thief.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'thief' })).error).toMatchObject({
		status: 403,
		code: 'insufficient_aal'
	});
	expect((await thief.auth.mfa.unenroll({ factorId })).error).toMatchObject({ status: 422, code: 'insufficient_aal' });
});

test('a factor can be taken away with it, and by the service key', async () => {
	const { client, factorId } = await verified();
	expect((await client.auth.mfa.unenroll({ factorId })).error).toBeNull();
	expect((await client.auth.mfa.listFactors()).data!.all).toEqual([]);
	await client.auth.refreshSession();
	expect((await client.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({ currentLevel: 'aal1' });

	const lost = await verified();
	const factors = await project.admin.auth.admin.mfa.listFactors({ userId: lost.id });
	expect(JSON.stringify(factors.data)).not.toContain('secret');
	expect((await project.admin.auth.admin.mfa.deleteFactor({ userId: lost.id, id: lost.factorId })).error).toBeNull();
	expect((await lost.client.auth.mfa.listFactors()).data!.all).toEqual([]);
});

test('a challenge is good once, for its own factor, for five minutes', async () => {
	const { client, factorId, totp } = await enrolled();
	const code = totpCode(totp.secret, now());
	const first = (await client.auth.mfa.challenge({ factorId })).data!;
	await project.sql`update auth.mfa_challenges set created_at = now() - interval '301 seconds' where id = ${first.id}`;
	expect((await client.auth.mfa.verify({ factorId, challengeId: first.id, code })).error).toMatchObject({
		code: 'mfa_challenge_expired'
	});
	const second = (await client.auth.mfa.challenge({ factorId })).data!;
	expect((await client.auth.mfa.verify({ factorId, challengeId: second.id, code })).error).toBeNull();
	expect((await client.auth.mfa.verify({ factorId, challengeId: second.id, code })).error).toMatchObject({
		status: 404
	});
});

test('a code is good once: within its step nobody can use it again, not by another challenge either', async () => {
	const { client, factorId, totp } = await enrolled();
	const code = totpCode(totp.secret, now());
	const enter = () => client.auth.mfa.challengeAndVerify({ factorId, code });
	const together = await Promise.all([enter(), enter()]);
	expect(together.filter(({ error }) => error === null)).toHaveLength(1);
	expect((await enter()).error).toMatchObject({ code: 'mfa_verification_failed' });
	const next = totpCode(totp.secret, now() + 30);
	expect((await client.auth.mfa.challengeAndVerify({ factorId, code: next })).error).toBeNull();
});

test('codes cannot be guessed', async () => {
	const { client, factorId, totp } = await enrolled();
	const { data } = await client.auth.mfa.challenge({ factorId });
	for (let guess = 0; guess < 10; guess++)
		await client.auth.mfa.verify({ factorId, challengeId: data!.id, code: '000000' });
	const { error } = await client.auth.mfa.verify({
		factorId,
		challengeId: data!.id,
		code: totpCode(totp.secret, now())
	});
	expect(error).toMatchObject({ status: 429, code: 'over_request_rate_limit' });
});

test('codes cannot be guessed by sending all at once either', async () => {
	const { client, factorId, totp } = await enrolled();
	const { data } = await client.auth.mfa.challenge({ factorId });
	const { data: session } = await client.auth.getSession();
	const guess = (code: string) =>
		project.request(`/auth/v1/factors/${factorId}/verify`, {
			method: 'POST',
			headers: {
				apikey: project.anonKey,
				authorization: `Bearer ${session.session!.access_token}`,
				'content-type': 'application/json'
			},
			body: JSON.stringify({ challenge_id: data!.id, code })
		});
	const wrong = Array.from({ length: 30 }, () => guess('000000'));
	const answers = await Promise.all([...wrong, guess(totpCode(totp.secret, now()))]);
	expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
	expect(answers.at(-1)!.status).toBe(429);
});

test('another person’s factor is no factor', async () => {
	const { factorId } = await enrolled();
	const { client } = await project.person('bruno');
	expect((await client.auth.mfa.challenge({ factorId })).error).toMatchObject({
		status: 404,
		code: 'mfa_factor_not_found'
	});
	expect((await client.auth.mfa.unenroll({ factorId })).error).toMatchObject({
		status: 404,
		code: 'mfa_factor_not_found'
	});
});

test('two factors of one person have two names', async () => {
	const { client } = await enrolled('telefone');
	const { error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'telefone' });
	expect(error).toMatchObject({ status: 422, code: 'mfa_factor_name_conflict' });
});
