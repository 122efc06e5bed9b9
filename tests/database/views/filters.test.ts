import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';

const database = useDatabase();
const TENANT = uuid('padaria');
const conditions = { match: 'all', rules: [{ field: 'priority', op: 'is', value: 4 }] };

const save = (person: Person, filter: object, id: string | null = null) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ id: string; name: string; user_id: string; position: number }[]>`
			select * from public.save_filter(${TENANT}, ${id}, ${JSON.stringify({ conditions, ...filter })}::text::jsonb)`;
		return row;
	});
const names = (person: Person) =>
	database.as(person, async (sql) => {
		const rows = await sql<{ name: string }[]>`
			select name from public.saved_filters where tenant_id = ${TENANT} order by is_shared, position, name`;
		return rows.map(({ name }) => name);
	});

test('a private filter is seen by whoever made it and by nobody else, admins included', async () => {
	await save('caio', { name: 'Urgentes do Caio' });
	expect(await names('caio')).toContain('Urgentes do Caio');
	for (const person of ['ana', 'sofia', 'duda', 'vera', 'bruno'] as const) {
		expect(await names(person)).not.toContain('Urgentes do Caio');
	}
});

test('a supervisor shares a filter with everyone in the company, which an agent may not', async () => {
	const shared = await save('sofia', { name: 'Urgentes', is_shared: true });
	for (const person of ['ana', 'caio', 'vera'] as const) expect(await names(person)).toContain('Urgentes');
	expect(await names('bruno')).toEqual([]);
	await expect(save('caio', { name: 'Meu', is_shared: true })).rejects.toThrow('not_allowed');
	await expect(save('caio', { name: 'Tomado' }, shared?.id)).rejects.toThrow('not_allowed');
	await expect(database.as('caio', (sql) => sql`select public.delete_filter(${shared?.id ?? ''})`)).rejects.toThrow(
		'not_allowed'
	);
});

test('nobody changes the private filter of another, nor learns that it exists', async () => {
	const own = await save('caio', { name: 'Do Caio' });
	await expect(save('duda', { name: 'Roubado' }, own?.id)).rejects.toThrow('filter_not_found');
	await expect(database.as('ana', (sql) => sql`select public.delete_filter(${own?.id ?? ''})`)).rejects.toThrow(
		'filter_not_found'
	);
});

test('one that was deleted comes back as itself, in its place', async () => {
	const first = await save('duda', { name: 'Primeiro' });
	await save('duda', { name: 'Segundo' });
	await database.as('duda', (sql) => sql`select public.delete_filter(${first?.id ?? ''})`);
	expect(await names('duda')).not.toContain('Primeiro');
	const back = await save('duda', { name: 'Primeiro', position: first?.position }, first?.id);
	expect(back).toMatchObject({ id: first?.id, position: first?.position });
});

test('filters stand in the order they are put in', async () => {
	const made = [];
	for (const name of ['A', 'B', 'C']) made.push(await save('vera', { name }));
	const ids = made.map((filter) => filter?.id ?? '').reverse();
	await database.as('vera', (sql) => sql`select public.order_filters(${ids})`);
	expect((await names('vera')).filter((name) => name.length === 1)).toEqual(['C', 'B', 'A']);
});

test('a filter without a name or without rules is refused', async () => {
	await expect(save('caio', { name: ' ' })).rejects.toThrow('filter_invalid');
	await expect(save('caio', { name: 'X', conditions: { match: 'all' } })).rejects.toThrow('filter_invalid');
	await expect(save('caio', { name: 'X', sort: 'colour' })).rejects.toThrow('filter_invalid');
});

test('whoever leaves takes their private filters along and leaves the shared ones', async () => {
	await database.owner`
		insert into public.saved_filters (tenant_id, user_id, is_shared, name, conditions)
		values (${uuid('oficina')}, ${uuid('edu')}, false, 'Meu', ${JSON.stringify(conditions)}::text::jsonb),
			(${uuid('oficina')}, ${uuid('edu')}, true, 'Nosso', ${JSON.stringify(conditions)}::text::jsonb)`;
	await database.owner`delete from public.memberships where tenant_id = ${uuid('oficina')} and user_id = ${uuid('edu')}`;
	expect(await names('edu')).toEqual([]);
	const left =
		await database.owner`select name, user_id from public.saved_filters where tenant_id = ${uuid('oficina')}`;
	expect(left).toEqual([{ name: 'Nosso', user_id: null }]);
});
