import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';

const database = useDatabase();

interface Contact {
	id: string;
	name: string;
	name_at: string | null;
	email: string | null;
	language: string | null;
	tag_ids: string[];
	updated_at: string;
}

async function newContact(): Promise<string> {
	const { phone } = await customerWrites(database);
	const [row] = await database.owner<{ id: string }[]>`select id from public.contacts where phone = ${phone}`;
	if (!row) throw new Error('no contact');
	return row.id;
}

const edit = async (person: Person, id: string, changes: object) => {
	const [row] = await database.as(
		person,
		(sql) => sql<Contact[]>`select * from public.edit_contact(${id}, ${JSON.stringify(changes)}::text::jsonb)`
	);
	if (!row) throw new Error('no row');
	return row;
};

test('an agent writes down who somebody is, field by field, and each stays as it was where it is not named', async () => {
	const id = await newContact();
	expect(await edit('caio', id, { email: ' Rita@Exemplo.com.br ' })).toMatchObject({ email: 'rita@exemplo.com.br' });
	expect(await edit('caio', id, { language: 'pt-BR' })).toMatchObject({
		email: 'rita@exemplo.com.br',
		language: 'pt-BR'
	});
	const named = await edit('caio', id, { name: '  Rita Lima ' });
	expect(named).toMatchObject({ name: 'Rita Lima', name_at: null, language: 'pt-BR' });
	expect(await edit('caio', id, { email: '', language: '' })).toMatchObject({ email: null, language: null });
});

test('saying the same again changes nothing', async () => {
	const id = await newContact();
	const first = await edit('caio', id, { email: 'rita@exemplo.com.br' });
	expect((await edit('caio', id, { email: 'rita@exemplo.com.br' })).updated_at).toEqual(first.updated_at);
});

test('what is no name, address or language is refused by the name of the field', async () => {
	const id = await newContact();
	for (const name of ['', '   ', 'x'.repeat(201)])
		expect(await refusal(edit('caio', id, { name }))).toBe('422 contact_name_invalid');
	for (const email of ['rita', 'rita@', 'a b@c.d', 'rita@exemplo', `${'x'.repeat(250)}@a.bc`])
		expect(await refusal(edit('caio', id, { email })), email).toBe('422 contact_email_invalid');
	for (const language of ['Português', 'p', 'PT'])
		expect(await refusal(edit('caio', id, { language })), language).toBe('422 contact_language_invalid');
});

test('whoever only reads is told no, and a stranger finds nobody', async () => {
	const id = await newContact();
	expect(await refusal(edit('vera', id, { name: 'X' }))).toBe('403 not_allowed');
	expect(await refusal(edit('edu', id, { name: 'X' }))).toBe('404 contact_not_found');
});

test('a contact takes the tags of its own company, each once, and gives them back', async () => {
	const id = await newContact();
	const tags = await database.as('ana', async (sql) => {
		const made: string[] = [];
		for (const name of ['VIP', 'Atacado']) {
			const [tag] = await sql<
				{ id: string }[]
			>`select id from public.save_tag(${uuid('padaria')}, null, ${name}, 'blue')`;
			if (tag) made.push(tag.id);
		}
		return made;
	});
	const [theirs] = await database.as(
		'bruno',
		(sql) => sql<{ id: string }[]>`select id from public.save_tag(${uuid('oficina')}, null, 'Alheia', 'red')`
	);
	const tag = async (add: string[], remove: string[]) =>
		(await database.as('caio', (sql) => sql<Contact[]>`select * from public.tag_contact(${id}, ${add}, ${remove})`))[0]
			?.tag_ids;
	expect(await tag([...tags, tags[0] ?? '', theirs?.id ?? ''], [])).toEqual(tags);
	expect(await tag([], [tags[0] ?? ''])).toEqual([tags[1]]);
});

test('what is written of a contact can be found again with who wrote it', async () => {
	const id = await newContact();
	await edit('caio', id, { email: 'rita@exemplo.com.br' });
	const rows = await database.as(
		'ana',
		(sql) => sql<{ actor_id: string; after: object }[]>`
			select actor_id, after from public.audit_log where table_name = 'contacts' and row_id = ${id}`
	);
	expect(rows).toMatchObject([{ actor_id: uuid('caio'), after: { email: 'rita@exemplo.com.br' } }]);
});

test('of two people made one, e-mail, language and tags of both are kept, and each has their own again when they are parted', async () => {
	const [keep, gone] = [await newContact(), await newContact()];
	await edit('caio', gone, { email: 'outra@exemplo.com.br', language: 'es' });
	const [merge] = await database.as(
		'sofia',
		(sql) => sql<{ id: string }[]>`select id from public.merge_contacts(${keep}, ${gone})`
	);
	const now = async (id: string) =>
		(await database.owner<Contact[]>`select email, language from public.contacts where id = ${id}`)[0];
	expect(await now(keep)).toEqual({ email: 'outra@exemplo.com.br', language: 'es' });
	await database.as('sofia', (sql) => sql`select public.part_contacts(${merge?.id ?? ''})`);
	expect(await now(keep)).toEqual({ email: null, language: null });
	expect(await now(gone)).toEqual({ email: 'outra@exemplo.com.br', language: 'es' });
});
