import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase, type Transaction } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();

/** As a person in a session of theirs that has, or has not, shown a second factor. */
const inSession = <T>(person: Person, aal: 'aal1' | 'aal2', session: string, work: (sql: Transaction) => Promise<T>) =>
	database.as(person, async (sql) => {
		const claims = { sub: uuid(person), role: 'authenticated', aal, session_id: session };
		await sql`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
		return work(sql);
	});
async function session(person: Person): Promise<string> {
	const id = randomUUID();
	await database.owner`
		insert into auth.sessions (id, user_id, aal, user_agent, ip, created_at, updated_at)
		values (${id}, ${uuid(person)}, 'aal1', 'Firefox', '10.0.0.1', now(), now())`;
	return id;
}
const enrol = (person: Person, status = 'verified') =>
	database.owner`
		insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, secret, created_at, updated_at)
		values (gen_random_uuid(), ${uuid(person)}, ${status}, 'totp', ${status}, 'x', now(), now())`;
const makeCodes = (person: Person, id: string) =>
	inSession(person, 'aal2', id, async (sql) => {
		const [row] = await sql<{ codes: string[] }[]>`select public.make_recovery_codes() as codes`;
		return row?.codes ?? [];
	});
const use = (person: Person, id: string, code: string) =>
	inSession(person, 'aal1', id, async (sql) => {
		const [row] = await sql<{ said: string }[]>`select public.use_recovery_code(${code}) as said`;
		return row?.said;
	});

test('whoever has a second factor is given nothing by a session that has not shown it, whatever the company asks', async () => {
	const id = await session('caio');
	const contacts = (aal: 'aal1' | 'aal2') =>
		inSession('caio', aal, id, (sql) => sql`select from public.contacts`).then((rows) => rows.length);
	await database.owner`insert into public.contacts (tenant_id, name) values (${uuid('padaria')}, 'Rita')`;
	await enrol('caio', 'unverified');
	expect(await contacts('aal1'), 'one that was never finished asks nothing').toBe(1);
	await enrol('caio');
	expect(await contacts('aal1')).toBe(0);
	expect(await contacts('aal2')).toBe(1);
	const asked = (aal: 'aal1' | 'aal2') =>
		inSession('caio', aal, id, (sql) => sql`select needs_mfa, permissions = '{}' as none from public.my_workspaces()`);
	expect(await asked('aal1')).toEqual([{ needs_mfa: true, none: true }]);
	expect(await asked('aal2')).toEqual([{ needs_mfa: false, none: false }]);
	expect(await inSession('caio', 'aal1', id, (sql) => sql`select from public.my_sessions()`)).toHaveLength(0);
	await expect(inSession('caio', 'aal1', id, (sql) => sql`select public.end_sessions(null)`)).rejects.toThrow(
		'mfa_required'
	);
});

test('ten recovery codes are made by a session that has shown the factor, kept as hashes, and replace the earlier ten', async () => {
	const id = await session('duda');
	await enrol('duda');
	await expect(inSession('duda', 'aal1', id, (sql) => sql`select public.make_recovery_codes()`)).rejects.toThrow(
		'mfa_first'
	);
	const first = await makeCodes('duda', id);
	expect(new Set(first).size).toBe(10);
	expect(first.every((code) => /^[a-z2-9]{5}-[a-z2-9]{5}$/.test(code))).toBe(true);
	const kept =
		await database.owner`select encode(hash, 'escape') as text from private.recovery_codes where user_id = ${uuid('duda')}`;
	expect(kept).toHaveLength(10);
	expect(kept.some(({ text }) => first.some((code) => String(text).includes(code)))).toBe(false);
	await makeCodes('duda', id);
	expect(await use('duda', id, first[0] ?? '')).toBe('wrong');
});

test('a recovery code takes the lost factor away once, and ends every other session', async () => {
	const [here, there] = [await session('vera'), await session('vera')];
	await enrol('vera');
	const [code = ''] = await makeCodes('vera', there);
	expect(await use('edu', await session('edu'), code), 'of another person it is worth nothing').toBe('wrong');
	expect(await use('vera', here, code.toUpperCase().replace('-', ' '))).toBe('done');
	expect(await database.owner`select from auth.mfa_factors where user_id = ${uuid('vera')}`).toHaveLength(0);
	expect(await database.owner`select id from auth.sessions where user_id = ${uuid('vera')}`).toEqual([{ id: here }]);
	expect(await use('vera', here, code)).toBe('wrong');
	const [row] = await database.owner`
		select after from public.audit_log where table_name = 'mfa_factors' and actor_id = ${uuid('vera')}`;
	expect(row?.after).toEqual({ recovered: true });
});

test('of many guesses at once only five are looked at', async () => {
	const id = await session('gabi');
	await enrol('gabi');
	const [code = ''] = await makeCodes('gabi', id);
	const said = await Promise.all(Array.from({ length: 12 }, (_, at) => use('gabi', id, `aaaaa-aaaa${at}`)));
	expect(said.filter((answer) => answer === 'wrong')).toHaveLength(5);
	expect(await use('gabi', id, code), 'not even the right one').toBe('too_many');
	await database.owner`update private.recovery_attempts set since = now() - interval '16 minutes'`;
	expect(await use('gabi', id, code)).toBe('done');
});

test('one sees one’s own sessions and ends those elsewhere, never this one or somebody else’s', async () => {
	const [here, there, phone, other] = [
		await session('sofia'),
		await session('sofia'),
		await session('sofia'),
		await session('bruno')
	];
	const seen = await inSession('sofia', 'aal1', here, (sql) => sql`select id, ip, is_this from public.my_sessions()`);
	expect(seen).toHaveLength(3);
	expect(seen[0]).toEqual({ id: here, ip: '10.0.0.1', is_this: true });
	const end = (id: string | null) =>
		inSession('sofia', 'aal1', here, async (sql) => {
			const [row] = await sql`select public.end_sessions(${id}) as ended`;
			return row?.ended as number;
		});
	expect(await end(other)).toBe(0);
	expect(await end(here)).toBe(0);
	expect(await end(there)).toBe(1);
	expect(await end(null)).toBe(1);
	const left =
		await database.owner`select id from auth.sessions where id = any(${[here, there, phone, other]}::uuid[])`;
	expect(left.map(({ id }) => id).sort()).toEqual([here, other].sort());
});

test('an edge function does in the name of somebody with a second factor what their session has shown it for', async () => {
	await enrol('ana');
	const may = (aal: 'aal2' | null) => {
		const person = JSON.stringify({ id: uuid('ana'), aal });
		return database.channels`select private.may_connect(${person}::text::jsonb, ${uuid('padaria')})`;
	};
	await expect(may(null)).rejects.toThrow(/not_found|not_allowed|mfa_required/);
	await expect(may('aal2')).resolves.toHaveLength(1);
	await database.owner`delete from auth.mfa_factors where user_id = ${uuid('ana')}`;
	await expect(may(null), 'one without a factor shows none').resolves.toHaveLength(1);
});
