import { expect, test } from 'vitest';
import { useDatabase, type Transaction } from './database.ts';
import { uuid, type Person } from './people.ts';
import { customerWrites, refusal, refusalDetail } from './threads.ts';

const database = useDatabase();

interface Definition {
	id: string;
	key: string;
	label: string;
	options: string[];
	position: number;
}

const save = async (person: Person, attribute: object, id: string | null = null): Promise<Definition> =>
	database.as(person, async (sql) => {
		const [row] = await sql<Definition[]>`
			select * from public.save_attribute(${uuid('padaria')}, ${id}, ${JSON.stringify(attribute)}::text::jsonb)`;
		if (!row) throw new Error('no definition');
		return row;
	});

const put = (sql: Transaction, subject: 'contact' | 'conversation', id: string, key: string, value: unknown) =>
	sql<{ attributes: Record<string, unknown> }[]>`
		select attributes from ${sql(`public.set_${subject}_attribute`)}(${id}, ${key}, ${JSON.stringify(value)}::text::jsonb)`;

const setAs = async (person: Person, id: string, key: string, value: unknown) =>
	(await database.as(person, (sql) => put(sql, 'conversation', id, key, value)))[0]?.attributes;

test('a supervisor says what is to be known of conversations, and an agent fills it in', async () => {
	await save('sofia', { subject: 'conversation', key: 'order', label: 'Pedido', type: 'number' });
	const { id } = await customerWrites(database);
	expect(await setAs('caio', id, 'order', 4711)).toEqual({ order: 4711 });
	expect(await setAs('caio', id, 'order', null)).toEqual({});
	expect(await refusal(save('caio', { subject: 'contact', key: 'x', label: 'X', type: 'text' }))).toBe(
		'403 not_allowed'
	);
});

test('every type takes what fits it and refuses what does not, with the name of the attribute', async () => {
	const { id } = await customerWrites(database);
	const cases = [
		['text', ['azul'], ['', 3, true, 'x'.repeat(1001), ['a']]],
		['number', [0, -2.5, 1e9], ['3', true]],
		['date', ['2026-02-28', '2024-02-29'], ['2026-02-29', '28/02/2026', 20260228, 'hoje']],
		['boolean', [true, false], ['true', 1]],
		['choice', ['Ouro', 'Prata'], ['ouro', 'Bronze', 1]],
		['link', ['https://padaria.test/p?x=1'], ['padaria.test', 'javascript:alert(1)', 'https://a b', 'ftp://x']]
	] as const;
	for (const [type, good, bad] of cases) {
		const label = `Do tipo ${type}`;
		await save('ana', {
			subject: 'conversation',
			key: `of_${type}`,
			label,
			type,
			options: type === 'choice' ? ['Ouro', 'Prata', 'Ouro', ' '] : []
		});
		for (const value of good)
			expect(await setAs('caio', id, `of_${type}`, value)).toMatchObject({ [`of_${type}`]: value });
		for (const value of bad) {
			expect(await refusalDetail(setAs('caio', id, `of_${type}`, value)), `${type} ${JSON.stringify(value)}`).toBe(
				label
			);
		}
	}
	expect(await refusal(setAs('caio', id, 'nobody_knows_it', 1))).toBe('404 attribute_not_found');
});

test('a value is held to its type also where the row is written past the function', async () => {
	await save('ana', { subject: 'contact', key: 'size', label: 'Tamanho', type: 'number' });
	const { phone } = await customerWrites(database);
	const write = (attributes: object) =>
		database.as(
			'caio',
			(sql) =>
				sql`update public.contacts set attributes = ${JSON.stringify(attributes)}::text::jsonb where phone = ${phone}`
		);
	expect(await refusal(write({ size: 'grande' }))).toBe('422 attribute_invalid');
	expect(await refusal(write({ size: 3, other: 'kept as it is' }))).toBe('not refused');
});

test('a key is taken once, a choice needs choices, and what was chosen outlives its choice', async () => {
	const plan = { subject: 'contact', key: 'plan', label: 'Plano', type: 'choice', options: ['Ouro', 'Prata'] };
	const { id } = await save('ana', plan);
	expect(await refusal(save('ana', plan))).toBe('409 attribute_exists');
	expect(await refusal(save('ana', { ...plan, key: 'other', options: [] }))).toBe('422 attribute_definition_invalid');
	expect(await refusal(save('ana', { ...plan, key: 'Not a key' }))).toBe('422 attribute_definition_invalid');

	const { phone } = await customerWrites(database);
	const [contact] = await database.owner<{ id: string }[]>`select id from public.contacts where phone = ${phone}`;
	await database.as('caio', (sql) => put(sql, 'contact', String(contact?.id), 'plan', 'Ouro'));
	expect(await save('ana', { label: 'Plano atual', options: ['Prata'] }, id)).toMatchObject({
		key: 'plan',
		label: 'Plano atual',
		options: ['Prata']
	});
	await save('ana', { subject: 'contact', key: 'note', label: 'Recado', type: 'text' });
	const [after] = await database.as('caio', (sql) => put(sql, 'contact', String(contact?.id), 'note', 'vip'));
	expect(after?.attributes).toEqual({ plan: 'Ouro', note: 'vip' });
});

test('attributes stand in the order they were put in, and a forgotten one leaves the list', async () => {
	const made = [];
	for (const key of ['one', 'two', 'three']) {
		made.push(
			await save('bruno' as Person, { subject: 'conversation', key, label: key, type: 'text' }).catch(() => null)
		);
	}
	expect(made).toEqual([null, null, null]);
	const ids: string[] = [];
	for (const key of ['one', 'two', 'three']) {
		ids.push((await save('ana', { subject: 'conversation', key, label: key, type: 'text' })).id);
	}
	await database.as('ana', (sql) => sql`select public.order_attributes(${uuid('padaria')}, ${[...ids].reverse()})`);
	await database.as('ana', (sql) => sql`select public.delete_attribute(${String(ids[1])})`);
	const rows = await database.as(
		'caio',
		(sql) => sql<{ key: string }[]>`
			select key from public.attribute_definitions where id = any (${ids}) order by position`
	);
	expect(rows.map(({ key }) => key)).toEqual(['three', 'one']);
});
