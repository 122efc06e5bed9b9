import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase, type Transaction } from './database.ts';
import { draftOf, uploadRow } from './media/arrange.ts';
import { uuid, type Person } from './people.ts';
import { customerWrites, refusal, refusalDetail, send } from './threads.ts';

const database = useDatabase();

interface File {
	kind: string;
	path: string;
	filename: string;
}

let shortcuts = 0;
const words = (files: File[] | undefined, text = 'Segue a tabela de preços') => ({
	shortcut: `tabela-${++shortcuts}`,
	title: 'Tabela de preços',
	scope: 'shared',
	variants: [{ channel_type: null, weight: 1, text }],
	...(files ? { files } : {})
});

async function save(person: Person, response: object, id: string = randomUUID()) {
	const [row] = await database.as(
		person,
		(sql) => sql<{ id: string; published_version: number }[]>`
			select * from public.save_canned_response(${uuid('padaria')}, ${id}, ${JSON.stringify(response)}::text::jsonb)`
	);
	if (!row) throw new Error('save_canned_response gave no row');
	return row;
}

const upload = async (person: Person, kind = 'image', filename = 'foto.png', mimetype = 'image/png', size = 1234) => ({
	kind,
	path: await uploadRow(database.owner, draftOf(person, filename), { mimetype, size }),
	filename
});
const pdf = (person: Person) => upload(person, 'document', 'tabela.pdf', 'application/pdf');

const filesOf = async (id: string, version: number) =>
	(
		await database.owner<{ path: string }[]>`
			select path from public.canned_response_files where response_id = ${id} and version = ${version} order by position`
	).map(({ path }) => path);
const sees = (path: string) => async (sql: Transaction) =>
	(await sql`select from storage.objects where bucket_id = 'media' and name = ${path}`).count === 1;

test('a file kept with a response is read by whoever uses the response, and not taken back by who put it there', async () => {
	const file = await pdf('sofia');
	expect(await database.as('caio', sees(file.path))).toBe(false);
	const { id } = await save('sofia', words([file]));
	expect(await filesOf(id, 1)).toEqual([file.path]);
	expect(await database.as('caio', sees(file.path))).toBe(true);
	expect(await database.as('vera', sees(file.path))).toBe(true);
	expect(await database.as('silvia', sees(file.path))).toBe(false);
	const gone = await database.as('sofia', async (sql) => {
		await sql`set local storage.allow_delete_query = 'true'`;
		return (await sql`delete from storage.objects where bucket_id = 'media' and name = ${file.path}`).count;
	});
	expect(gone).toBe(0);
	// What the database knows of it is what Storage recorded, whatever the browser says.
	expect(
		await database.owner`select kind, mime_type, size, filename from public.canned_response_files where response_id = ${id}`
	).toEqual([{ kind: 'document', mime_type: 'application/pdf', size: '1234', filename: 'tabela.pdf' }]);
});

test("a team's file is the team's and its managers', one's own is one's own", async () => {
	const [team, own] = [await pdf('sofia'), await pdf('caio')];
	await save('sofia', { ...words([team]), scope: 'team', team_id: uuid('padaria team') });
	await save('caio', { ...words([own]), scope: 'private' });
	const readers = async (path: string) => {
		const people = ['ana', 'sofia', 'caio', 'duda', 'vera', 'bruno'] as const;
		const seen = await Promise.all(people.map((person) => database.as(person, sees(path))));
		return people.filter((_, at) => seen[at]);
	};
	expect(await readers(team.path)).toEqual(['ana', 'sofia', 'duda']);
	expect(await readers(own.path)).toEqual(['caio']);
});

test('files are part of a version: changed ones are the next, an earlier one comes back with its own, a table leaves them alone', async () => {
	const [first, second] = [await pdf('sofia'), await upload('ana')];
	const response = words([first]);
	const { id } = await save('sofia', response);
	expect((await save('sofia', response, id)).published_version).toBe(1);
	expect((await save('ana', { ...response, files: [first, second] }, id)).published_version).toBe(2);
	expect(await filesOf(id, 2)).toEqual([first.path, second.path]);

	const { files: _, ...asTable } = response;
	const table = JSON.stringify([
		{ ...asTable, variants: [{ channel_type: null, weight: 1, text: 'Preços de junho' }] }
	]);
	await database.as(
		'ana',
		(sql) => sql`select public.import_canned_responses(${uuid('padaria')}, ${table}::text::jsonb, false)`
	);
	expect(await filesOf(id, 3)).toEqual([first.path, second.path]);
	expect((await save('ana', { ...asTable, files: [] }, id)).published_version).toBe(4);
	expect(await filesOf(id, 4)).toEqual([]);
	await database.as('ana', (sql) => sql`select public.restore_canned_response(${id}, 2)`);
	expect(await filesOf(id, 5)).toEqual([first.path, second.path]);
});

test("what is another's upload, another response's file, too old, too large or too many is refused", async () => {
	expect(await refusal(save('sofia', words([await pdf('ana')])))).toBe('404 media_not_found');
	const kept = await pdf('sofia');
	await save('sofia', words([kept]));
	expect(await refusal(save('sofia', words([kept])))).toBe('404 media_not_found');
	const old = { ...kept, path: await uploadRow(database.owner, draftOf('sofia'), { hours: 24 }) };
	expect(await refusal(save('sofia', words([old])))).toBe('404 media_not_found');
	const foreign = { ...kept, path: await uploadRow(database.owner, draftOf('sofia', 'x.pdf', 'oficina')) };
	expect(await refusal(save('sofia', words([foreign])))).toBe('404 media_not_found');
	const large = await upload('sofia', 'image', 'foto.png', 'image/png', 5_242_881);
	expect(await refusalDetail(save('sofia', words([large])))).toBe('media_too_large');
	expect(await refusalDetail(save('sofia', words([await upload('sofia', 'sticker')])))).toBe('files');
	const six = await Promise.all(Array.from({ length: 6 }, () => pdf('sofia')));
	expect(await refusalDetail(save('sofia', words(six)))).toBe('files');
});

test('an agent sends the file from the composer, as often as they like; whoever sees the conversation reads it', async () => {
	const file = await pdf('sofia');
	const { id: response } = await save('sofia', { ...words([file]), scope: 'team', team_id: uuid('padaria team') });
	const { id } = await customerWrites(database);
	const content = { ...file, mime_type: 'application/pdf', size: 1, caption: 'Segue' };
	for (const _ of [1, 2]) {
		const message = await send(database, 'duda', id, content);
		expect(message.media).toMatchObject({ status: 'stored', path: file.path, size: 1234 });
	}
	// Whoever is not in the team has no such file to send; once it was sent, they may pass it on as any.
	const { id: other } = await customerWrites(database);
	const hidden = await pdf('sofia');
	await save('sofia', { ...words([hidden]), scope: 'team', team_id: uuid('padaria team') });
	expect(await refusal(send(database, 'caio', other, { ...hidden, mime_type: 'application/pdf', size: 1 }))).toBe(
		'404 media_not_found'
	);
	// The message shows its file also when the response has gone on without it.
	await save('sofia', { ...words([]), scope: 'team', team_id: uuid('padaria team') }, response);
	expect(await database.as('caio', sees(file.path))).toBe(true);
});

test('a macro and a rule send the files: under the words where they fit, before them where not', async () => {
	const one = await save('sofia', words([await upload('sofia')], 'Nossa vitrine'));
	const long = 'a'.repeat(1_025);
	const several = await save('sofia', words([await upload('sofia'), await pdf('sofia')], long));
	const { id } = await customerWrites(database);
	const { id: unattended } = await customerWrites(database);
	const run = (conversation: string, response: string) =>
		database.as(
			'caio',
			(sql) =>
				sql`select public.perform_actions(${[conversation]}, ${JSON.stringify([{ type: 'send_canned', canned: response }])}::text::jsonb)`
		);
	const sent = (conversation: string) => database.owner<{ kind: string; body: string; media: object | null }[]>`
		select kind, body, media from public.messages
		where conversation_id = ${conversation} and direction = 'out' and not is_private order by seq`;
	await run(id, one.id);
	await run(id, several.id);
	expect((await sent(id)).map(({ kind, body }) => [kind, body])).toEqual([
		['image', 'Nossa vitrine'],
		['image', ''],
		['document', 'tabela.pdf'],
		['text', long]
	]);

	// Nobody is signed in when a rule runs; the same call twice is once.
	const clientId = randomUUID();
	for (const _ of [1, 2]) {
		await database.owner`
			select private.send_canned(c, ${several.id}, null, ${clientId}) from public.conversations c where c.id = ${unattended}`;
	}
	const byRule = await sent(unattended);
	expect(byRule.map(({ kind, media }) => [kind, media !== null])).toEqual([
		['image', true],
		['document', true],
		['text', false]
	]);
	const uses = await database.owner`
		select from public.canned_response_uses u
		join public.canned_response_variants v on v.id = u.variant_id where v.response_id = ${several.id}`;
	expect(uses).toHaveLength(2);
});

test('a file that a response has is not thrown away, used or not; one that nothing has is', async () => {
	const [kept, lost] = [await pdf('sofia'), await pdf('sofia')];
	const { id } = await save('sofia', words([kept]));
	await save('sofia', { ...words([]), files: [] }, id);
	await database.owner`update storage.objects set created_at = now() - interval '2 days' where name = any (${[kept.path, lost.path]})`;
	const [row] = await database.owner<{ page: { paths: string[] } }[]>`select private.media_orphans('') as page`;
	expect(row?.page.paths).toContain(lost.path);
	expect(row?.page.paths).not.toContain(kept.path);
});
