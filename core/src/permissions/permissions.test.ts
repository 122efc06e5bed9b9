import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from './permissions.ts';

const source = readFileSync(new URL('../../../sql/11_memberships.sql', import.meta.url), 'utf8');

test('the database knows the same roles and permissions', () => {
	const roles = /create type public\.member_role as enum \(([^)]*)\)/.exec(source)?.[1] ?? '';
	const list = /insert into private\.permissions \(name\)\s+values([^;]*);/.exec(source)?.[1] ?? '';
	expect(quoted(roles)).toEqual([...ROLES]);
	expect(quoted(list).sort()).toEqual([...PERMISSIONS].sort());
});

test('each role holds the same permissions in the database', () => {
	const grants = /insert into private\.role_permissions[^;]*;/.exec(source)?.[0] ?? '';
	for (const clause of grants.split('union all')) {
		const role = ROLES.find((name) => clause.includes(`select '${name}'`));
		const [, negated, names] = /where name (not )?in \(([^)]*)\)/.exec(clause) ?? [];
		const listed = quoted(names ?? '');
		const expected =
			names === undefined
				? [...PERMISSIONS]
				: negated
					? PERMISSIONS.filter((name) => !listed.includes(name))
					: PERMISSIONS.filter((name) => listed.includes(name));
		expect(role, clause).toBeDefined();
		expect([role, [...ROLE_PERMISSIONS[role ?? 'admin']].sort()]).toEqual([role, [...expected].sort()]);
	}
	expect(grants.split('union all')).toHaveLength(ROLES.length);
});

function quoted(list: string): string[] {
	return [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
}
