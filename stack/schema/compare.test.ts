import postgres from 'postgres';
import { expect, test } from 'vitest';
import { compareDatabases } from './compare.ts';
import { compareMigrations } from './compare_migrations.ts';
import { withScratch } from './scratch.ts';

const SLOW = 180_000;

test('sql/ and supabase/migrations make the same database', { timeout: SLOW }, async () => {
	expect(await compareMigrations()).toEqual([]);
});

test('whatever is changed in one database alone is found', { timeout: SLOW }, async () => {
	await withScratch(async (scratch) => {
		const one = await scratch.fromSql();
		const other = await scratch.fromSql();
		expect(await compareDatabases(one, other)).toEqual([]);

		const sql = postgres(other, { max: 1, onnotice: () => {} });
		const changes: [change: string, found: RegExp][] = [
			['alter table public.contacts add column nickname text', /contacts.*nickname/],
			['drop policy select_member on public.contacts', /policy.*contacts.*select_member/],
			['drop policy select_listener on realtime.messages', /policy.*realtime.*select_listener/],
			['revoke execute on function private.take_slots(uuid, integer) from prosa_worker', /take_slots/],
			['grant insert on public.messages to authenticated', /messages/],
			['drop index public.messages_thread_idx', /messages_thread_idx/],
			['alter table public.tenants disable row level security', /tenants/],
			['drop trigger _100_touch on public.contacts', /contacts.*_100_touch/],
			["delete from private.role_permissions where role = 'viewer'", /rows of private\.role_permissions/]
		];
		let known: string[] = [];
		for (const [change, found] of changes) {
			await sql.unsafe(change);
			const differences = await compareDatabases(one, other);
			expect(differences.filter((line) => !known.includes(line)).join('\n'), change).toMatch(found);
			known = differences;
		}
		await sql.end();
	});
});
