import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_SECRET, startRestProject, type RestProject } from './rest_project.ts';

let project: RestProject;
beforeAll(async () => {
	project = await startRestProject(
		`
		create table things (id int primary key, name text);
		comment on table things is 'All things';
		insert into things values (1, 'x');
		create table secrets (id int primary key);
		revoke all on secrets from anon, authenticated;
		create function hidden_one() returns int language sql as 'select 1';
		revoke execute on function hidden_one() from public, anon, authenticated;
		create function open_one(a int, b text default 'x') returns int language sql stable as 'select 1';
		create role outsider nologin;
		create schema second;
		create table second.others (id int primary key, owner text);
		grant usage on schema second to anon, authenticated, service_role;
		grant all on second.others to anon, authenticated, service_role;
	`,
		{ schemas: ['public', 'second'] }
	);
});
afterAll(() => project.stop());

/** A token with whatever payload, signed with our secret or another. */
function forge(
	payload: unknown,
	{ secret = JWT_SECRET, header = { alg: 'HS256', typ: 'JWT' } as object } = {}
): string {
	const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const body = `${encode(header)}.${encode(payload)}`;
	return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}
const now = Math.floor(Date.now() / 1000);
const withToken = (token: string) =>
	project.rest('things', { key: project.keys.anonKey, headers: { authorization: `Bearer ${token}` } });

describe('a token', () => {
	it('that holds is taken', async () => {
		expect((await withToken(forge({ role: 'authenticated', exp: now + 60, iat: now }))).status).toBe(200);
	});

	it.each([
		['expired', forge({ role: 'authenticated', exp: now - 60 }), 'PGRST303', 'JWT expired'],
		['not yet valid', forge({ role: 'authenticated', nbf: now + 600 }), 'PGRST303', 'JWT not yet valid'],
		[
			'with exp as text',
			forge({ role: 'authenticated', exp: String(now + 60) }),
			'PGRST303',
			`The JWT 'exp' claim must be a number`
		],
		[
			'with nbf as text',
			forge({ role: 'authenticated', nbf: 'soon' }),
			'PGRST303',
			`The JWT 'nbf' claim must be a number`
		],
		[
			'with iat as text',
			forge({ role: 'authenticated', iat: 'then' }),
			'PGRST303',
			`The JWT 'iat' claim must be a number`
		],
		[
			'of another secret',
			forge({ role: 'service_role' }, { secret: 'x'.repeat(40) }),
			'PGRST301',
			'No suitable key or wrong key type'
		],
		[
			'without signature',
			forge({ role: 'service_role' }, { header: { alg: 'none' } }),
			'PGRST301',
			'No suitable key or wrong key type'
		],
		['of two parts', 'a.b', 'PGRST301', 'Expected 3 parts in JWT; got 2'],
		['that is none', 'abc', 'PGRST301', 'Expected 3 parts in JWT; got 1'],
		['with a role that is no name', forge({ role: { a: 1 } }), 'PGRST303', 'The JWT role claim must name a role']
	])('%s is refused', async (_, token, code, message) => {
		const { status, json, headers } = await withToken(token);
		expect([status, json]).toMatchObject([401, { code, message }]);
		expect(headers.get('www-authenticate')).toBe(
			`Bearer error="invalid_token", error_description=${JSON.stringify(message)}`
		);
	});

	it('becomes no role that the service may not take', async () => {
		for (const role of [
			'postgres',
			'supabase_admin',
			'supabase_auth_admin',
			'outsider',
			'nobody_at_all',
			'none',
			'pg_read_all_data'
		]) {
			const { status, json } = await withToken(forge({ role }));
			expect([role, status], JSON.stringify(json)).toEqual([
				role,
				expect.toSatisfy((value: number) => [400, 401, 403].includes(value)) as number
			]);
		}
	});

	it('leaves nothing behind for the next request on its connection', async () => {
		const token = forge({ role: 'authenticated', sub: 'someone' });
		await Promise.all(Array.from({ length: 30 }, () => withToken(token)));
		const visitors = await Promise.all(
			Array.from({ length: 30 }, () => project.rest('secrets', { key: project.keys.anonKey }))
		);
		expect(new Set(visitors.map(({ status }) => status))).toEqual(new Set([401]));
		const services = await Promise.all(Array.from({ length: 30 }, () => project.rest('secrets')));
		expect(new Set(services.map(({ status }) => status))).toEqual(new Set([200]));
	});
});

describe('several schemas', () => {
	it('are chosen by profile, which the answer names', async () => {
		const { data } = await project.client().schema('second').from('others').insert({ id: 1, owner: 'a' }).select();
		expect(data).toEqual([{ id: 1, owner: 'a' }]);
		const read = await project.rest('others', { headers: { 'accept-profile': 'second' } });
		expect([read.text, read.headers.get('content-profile')]).toEqual(['[{"id":1,"owner":"a"}]', 'second']);
		expect((await project.rest('others')).status).toBe(404);
		expect((await project.rest('things')).headers.get('content-profile')).toBe('public');
	});

	it('that are not exposed are refused, naming those that are', async () => {
		const { status, json } = await project.rest('things', { headers: { 'accept-profile': 'auth' } });
		expect([status, json]).toEqual([
			406,
			{
				code: 'PGRST106',
				details: null,
				hint: 'Only the following schemas are exposed: public, second',
				message: 'Invalid schema: auth'
			}
		]);
	});
});

describe('the description of the API', () => {
	type OpenApi = {
		paths: Record<string, Record<string, unknown>>;
		definitions: Record<string, { required?: string[]; description?: string }>;
	};
	const describeAs = async (key: string) => (await project.rest('', { key })).json as OpenApi;

	it('names only what its reader may touch', async () => {
		const visitor = await describeAs(project.keys.anonKey);
		expect(Object.keys(visitor.paths).sort()).toEqual(['/', '/rpc/open_one', '/things']);
		expect(Object.keys(visitor.definitions)).toEqual(['things']);
		const service = await describeAs(project.keys.serviceRoleKey);
		expect(Object.keys(service.paths).sort()).toEqual(['/', '/rpc/hidden_one', '/rpc/open_one', '/secrets', '/things']);
	});

	it('says what a table and a function are', async () => {
		const { paths, definitions } = await describeAs(project.keys.serviceRoleKey);
		expect(definitions['things']).toMatchObject({
			description: 'All things',
			required: ['id'],
			properties: { id: { type: 'integer', format: 'integer' }, name: { type: 'string', format: 'text' } }
		});
		expect(Object.keys(paths['/things'] ?? {}).sort()).toEqual(['delete', 'get', 'patch', 'post']);
		expect(paths['/rpc/open_one']?.['post']).toMatchObject({
			parameters: [{ name: 'args', schema: { required: ['a'], properties: { a: { type: 'integer' } } } }, {}]
		});
	});
});

describe('a lost database connection', () => {
	it('is made anew by the next request, schema and all', async () => {
		const end = () =>
			project.sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'`;
		await withToken(forge({ role: 'authenticated' }));
		await end();
		await expect.poll(async () => (await project.rest('things')).status).toBe(200);
		await project.sql`create table after_break (id int)`;
		await expect.poll(async () => (await project.rest('after_break')).status, { timeout: 10_000 }).toBe(200);
	});
});
