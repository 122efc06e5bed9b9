import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid, type Person } from './people.ts';
import { refusal } from './threads.ts';

const database = useDatabase();

interface Contact {
	id: string;
	name: string;
	phone: string | null;
	name_at: string | null;
}

async function save(person: Person, name: string | null, phones: string[]): Promise<Contact> {
	const [row] = await database.as(
		person,
		(sql) => sql<Contact[]>`select * from public.save_contact(${uuid('padaria')}, ${name}, ${phones})`
	);
	if (!row) throw new Error('save_contact gave no row');
	return row;
}
const identitiesOf = (id: string) =>
	database.owner`select kind, value from public.contact_identities where contact_id = ${id} order by value`;

test('an agent saves the contact of a card, with every number on it', async () => {
	const saved = await save('caio', ' João Entregas ', ['+55 (11) 8765-4321', '+55 11 3265-4321', 'ramal']);
	expect(saved).toMatchObject({ name: 'João Entregas', phone: '5511987654321', name_at: null });
	expect(await identitiesOf(saved.id)).toEqual([
		{ kind: 'phone', value: '551132654321' },
		{ kind: 'phone', value: '5511987654321' }
	]);
});

test('who has written already is found however the card spells their number, and keeps their name', async () => {
	await receive(database.door, [delivery([textFrom('5541987650001', 'Oi')])]);
	const saved = await save('caio', 'Outro nome', ['+55 (41) 8765-0001']);
	expect(saved.name).toBe('Maria');
	expect(await identitiesOf(saved.id)).toEqual([{ kind: 'phone', value: '5541987650001' }]);
});

test('a saved contact who writes later is that contact, under the name that was typed', async () => {
	const saved = await save('duda', 'Dona Rita', ['5521976543210']);
	await receive(database.door, [delivery([textFrom('5521976543210', 'Oi', { name: 'Ritinha 🌸' })])]);
	const rows = await database.owner`
		select p.id, p.name from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = '5521976543210'`;
	expect(rows).toEqual([{ id: saved.id, name: 'Dona Rita' }]);
});

test('a number of somebody else on the card stays theirs', async () => {
	const one = await save('caio', 'Um', ['5531911110001']);
	const other = await save('caio', 'Dois', ['5531911110002']);
	expect((await save('caio', 'Três', ['5531911110002', '5531911110001', '5531911110003'])).id).toBe(other.id);
	expect(await identitiesOf(one.id)).toHaveLength(1);
	expect(await identitiesOf(other.id)).toHaveLength(2);
});

test('saving is refused without a number, without the right, and in another company', async () => {
	expect(await refusal(save('caio', 'Ninguém', ['ramal 12', '0']))).toBe('422 phone_invalid');
	expect(await refusal(save('vera', 'Vera', ['5511911112222']))).toBe('403 not_allowed');
	expect(await refusal(save('bruno', 'Bruno', ['5511911112222']))).toBe('404 tenant_not_found');
});
