import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeIn, PASSWORD, startProject, type Project } from './auth_project.ts';

let project: Project;
beforeAll(async () => {
	project = await startProject({ auth: { passwordLength: 8, securePasswordChange: true } });
});
afterAll(() => project.stop());

const NEW = 'uma senha bem outra';
const grow = (id: string) =>
	project.sql`update auth.sessions set created_at = now() - interval '25 hours' where user_id = ${id}`;

test('a password shorter than the project’s minimum is refused, wherever it is chosen', async () => {
	const { client } = await project.person('ana');
	const email = `nova-${crypto.randomUUID()}@padaria.test`;
	for (const { error } of [
		await project.visitor().auth.signUp({ email, password: '1234567' }),
		await client.auth.updateUser({ password: '1234567' }),
		await project.admin.auth.admin.createUser({ email, password: '1234567' })
	])
		expect(error).toMatchObject({ status: 422, code: 'weak_password', reasons: ['length'] });
	expect((await project.visitor().auth.signUp({ email, password: '12345678' })).error).toBeNull();
});

test('in a fresh session the password changes at once', async () => {
	const { client } = await project.person('ana');
	expect((await client.auth.updateUser({ password: NEW })).error).toBeNull();
});

test('in a session of more than a day it asks for a code by mail, which is good once', async () => {
	const { client, id, email } = await project.person('ana');
	await grow(id);
	expect((await client.auth.updateUser({ data: { name: 'Ana' } })).error, 'only the password asks').toBeNull();
	const refused = await client.auth.updateUser({ password: NEW });
	expect(refused.error).toMatchObject({ status: 400, code: 'reauthentication_needed' });
	expect((await client.auth.reauthenticate()).error).toBeNull();
	const [mail] = await project.mailsTo(email);
	const nonce = codeIn(mail!);
	const wrong = await client.auth.updateUser({ password: NEW, nonce: nonce === '000000' ? '000001' : '000000' });
	expect(wrong.error).toMatchObject({ status: 422, code: 'reauthentication_not_valid' });
	expect((await project.visitor().auth.signInWithPassword({ email, password: PASSWORD })).error).toBeNull();
	expect((await client.auth.updateUser({ password: NEW, nonce })).error).toBeNull();
	expect((await project.visitor().auth.signInWithPassword({ email, password: NEW })).error).toBeNull();
	const again = await client.auth.updateUser({ password: `${NEW} mais`, nonce });
	expect(again.error).toMatchObject({ code: 'reauthentication_not_valid' });
});

test('a code of an hour ago, somebody else’s, or the eleventh guess opens nothing', async () => {
	const [ana, eve] = [await project.person('ana'), await project.person('eve')];
	for (const { id } of [ana, eve]) await grow(id);
	await ana.client.auth.reauthenticate();
	const [mail] = await project.mailsTo(ana.email);
	const nonce = codeIn(mail!);
	expect((await eve.client.auth.updateUser({ password: NEW, nonce })).error).toMatchObject({
		code: 'reauthentication_not_valid'
	});
	await project.sql`update auth.one_time_tokens set created_at = now() - interval '61 minutes' where user_id = ${ana.id}`;
	expect((await ana.client.auth.updateUser({ password: NEW, nonce })).error).toMatchObject({
		code: 'reauthentication_not_valid'
	});
	for (let guess = 0; guess < 9; guess += 1)
		await ana.client.auth.updateUser({ password: NEW, nonce: `99999${guess}` });
	expect((await ana.client.auth.updateUser({ password: NEW, nonce: '123456' })).error).toMatchObject({ status: 429 });
});
