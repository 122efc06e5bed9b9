import type { JobHelpers } from 'graphile-worker';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { uuid } from '../../../tests/database/people.ts';
import { createAuthServer } from '../people/auth.ts';
import { invitationSend } from './invitation__send.ts';

const database = useDatabase();
const helpers = { logger: { warn: () => {} } } as unknown as JobHelpers;

/** An auth server that answers as it is told and remembers what it was asked. */
const asked: string[] = [];
let answers: { status: number; body: object }[] = [];
const server = createServer((request, response) => {
	let text = '';
	request.on('data', (chunk: Buffer) => (text += chunk.toString()));
	request.on('end', () => {
		asked.push(`${request.url} ${text}`);
		const { status, body } = answers.shift() ?? { status: 200, body: {} };
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	});
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

async function invitation(email: string): Promise<string> {
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.invitations (tenant_id, email, role) values (${uuid('padaria')}, ${email}, 'agent') returning id`;
	return row?.id ?? '';
}
function send(id: string) {
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const auth = createAuthServer({ SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: 'k', WEB_URL: 'https://prosa.test' });
	asked.length = 0;
	return invitationSend({ db: database.worker, auth })({ invitation_id: id }, helpers);
}
const read = async (id: string) => {
	const [row] = await database.owner`
		select sent_at is not null as sent, error from public.invitations where id = ${id}`;
	return row;
};

test('a new address is invited by the auth server, with a link to this invitation', async () => {
	const id = await invitation('nova@exemplo.test');
	await send(id);
	expect(asked).toEqual([
		`/auth/v1/invite?redirect_to=https%3A%2F%2Fprosa.test%2Fjoin%2F${id} {"email":"nova@exemplo.test"}`
	]);
	expect(await read(id)).toEqual({ sent: true, error: null });
	await send(id);
	expect(asked, 'not mailed twice').toEqual([]);
});

test('an address that has an account is mailed a link to sign in, also where the account came a moment before', async () => {
	const id = await invitation('conhecida@exemplo.test');
	answers = [{ status: 422, body: { code: 422, error_code: 'email_exists', msg: 'taken' } }];
	await send(id);
	expect(asked.map((line) => line.split('?')[0])).toEqual(['/auth/v1/invite', '/auth/v1/otp']);
	expect(asked[1]).toContain('"create_user":false');
	expect(await read(id)).toEqual({ sent: true, error: null });
});

test('an auth server that is away is asked again; one that refuses is not, and both are told to whoever invited', async () => {
	const id = await invitation('depois@exemplo.test');
	answers = [{ status: 503, body: {} }];
	await expect(send(id)).rejects.toThrow('503');
	expect(await read(id)).toMatchObject({ sent: false, error: expect.stringContaining('503') });
	answers = [{ status: 400, body: { error_code: 'email_address_invalid', msg: 'no such domain' } }];
	await send(id);
	expect(await read(id)).toMatchObject({ sent: false, error: 'email_address_invalid: no such domain' });
});

test('an invitation that was withdrawn is not mailed', async () => {
	const id = await invitation('nunca@exemplo.test');
	await database.owner`update public.invitations set closed_at = now() where id = ${id}`;
	await send(id);
	expect(asked).toEqual([]);
});
