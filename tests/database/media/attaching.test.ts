import { beforeAll, expect, test } from 'vitest';
import { useDatabase, type Transaction } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';
import { draftOf, fileFrom, messageOf, uploadRow, type StoredMessage } from './arrange.ts';

const database = useDatabase();
/** One conversation of caio's, one of nobody's. */
let mine: StoredMessage;
let other: StoredMessage;

beforeAll(async () => {
	// Stands in for public.send_message, which calls it as its owner, with the agent's claims.
	await database.owner.unsafe(`
		create function public.attach_in_test(tenant_id uuid, message_id uuid, path text)
			returns jsonb
			language plpgsql
			security definer
			set search_path = ''
		as $$
		declare
			v_message public.messages;
		begin
			select m.* into v_message from public.messages m where m.tenant_id = $1 and m.id = $2;
			v_message := private.attach_media(v_message, path);
			return v_message.media;
		end;
		$$;
		grant execute on function public.attach_in_test(uuid, uuid, text) to authenticated;`);
	const [first, second] = [textFrom('5511987652001', 'Oi'), textFrom('5511987652002', 'Oi')];
	await receive(database.door, [delivery([first]), delivery([second])]);
	mine = await messageOf(database.owner, first.external_id);
	other = await messageOf(database.owner, second.external_id);
	await database.owner`update public.conversations set assignee_id = ${uuid('caio')} where id = ${mine.conversation_id}`;
	await database.owner`update public.conversations set assignee_id = ${uuid('sofia')} where id = ${other.conversation_id}`;
});

const attach = (person: Person, to: StoredMessage, path: string) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ media: Record<string, unknown> }[]>`
			select public.attach_in_test(${to.tenant_id}, ${to.id}, ${path}) as media`;
		return row?.media;
	});
const sees = (path: string) => async (sql: Transaction) =>
	(await sql`select from storage.objects where bucket_id = 'media' and name = ${path}`).count === 1;
const takesBack = (path: string) => async (sql: Transaction) => {
	await sql`set local storage.allow_delete_query = 'true'`;
	return (await sql`delete from storage.objects where bucket_id = 'media' and name = ${path}`).count === 1;
};

test('an upload becomes the message’s file: whoever sees the conversation reads it, and it is not taken back', async () => {
	const path = await uploadRow(database.owner, draftOf('caio'));
	expect(await database.as('caio', sees(path))).toBe(true);
	expect(await database.as('ana', sees(path))).toBe(false);

	expect(await attach('caio', mine, path)).toMatchObject({
		status: 'stored',
		path,
		mime_type: 'image/png',
		size: 1234,
		thumbnail: null
	});
	expect(await database.as('ana', sees(path))).toBe(true);
	expect(await database.as('caio', sees(path))).toBe(true);
	expect(await database.as('duda', sees(path))).toBe(false);
	expect(await database.as('bruno', sees(path))).toBe(false);
	expect(await database.as('caio', takesBack(path))).toBe(false);
	const jobs = await database.owner`select key from graphile_worker.jobs where task_identifier = 'media__describe'`;
	expect(jobs).toEqual([{ key: `media__describe:${mine.id}` }]);
});

test('an agent who lost the conversation loses what they uploaded to it', async () => {
	const path = await uploadRow(database.owner, draftOf('caio'));
	await attach('caio', mine, path);
	await database.owner`update public.conversations set assignee_id = ${uuid('sofia')} where id = ${mine.conversation_id}`;
	expect(await database.as('caio', sees(path))).toBe(false);
	expect(await database.as('caio', takesBack(path))).toBe(false);
	await database.owner`update public.conversations set assignee_id = ${uuid('caio')} where id = ${mine.conversation_id}`;
});

test('what is not one’s own upload, or is old, or is another company’s, or is not there, is refused', async () => {
	const refused = async (person: Person, to: StoredMessage, path: string) =>
		expect(attach(person, to, path)).rejects.toThrow('media_not_found');
	await refused('caio', mine, await uploadRow(database.owner, draftOf('sofia')));
	await refused('caio', mine, await uploadRow(database.owner, draftOf('caio'), { hours: 24 }));
	await refused('caio', mine, await uploadRow(database.owner, draftOf('caio', 'foto.png', 'oficina')));
	await refused('caio', mine, draftOf('caio'));
	const sent = await uploadRow(database.owner, draftOf('sofia'));
	await attach('sofia', other, sent);
	await refused('caio', mine, sent);
	await expect(
		database.asVisitor((sql) => sql`select public.attach_in_test(${mine.tenant_id}, ${mine.id}, ${sent})`)
	).rejects.toThrow('permission denied');
});

test('a file that somebody sees may be sent on, and keeps what is known of it', async () => {
	const picture = fileFrom('5511987652001', { filename: 'bolo.jpg' });
	await receive(database.door, [delivery([picture])]);
	const received = await messageOf(database.owner, picture.external_id);
	const path = await uploadRow(database.owner, `${received.tenant_id}/${received.id}/original.jpg`);
	const thumbnail = await uploadRow(database.owner, `${received.tenant_id}/${received.id}/thumbnail.webp`);
	const media = { path, thumbnail, mime_type: 'image/jpeg', sha256: 'ab', width: 3, height: 4 };
	await database.worker`
		select private.settle_media(
			${received.tenant_id}, ${received.id}, ${received.created_at}::text::timestamptz,
			${JSON.stringify({ result: 'stored', media })}::text::jsonb
		)`;
	expect(await database.as('sofia', sees(path))).toBe(true);
	await database.owner`update public.messages set media = null where id = ${other.id}`;
	const gone = await attach('sofia', other, path);
	expect(gone).toMatchObject({ ...media, status: 'stored', filename: 'bolo.jpg' });
	await database.owner`delete from public.messages where id = ${received.id}`;
	expect(await database.as('sofia', sees(path))).toBe(true);
	expect(await database.as('sofia', sees(thumbnail))).toBe(true);
	expect(await database.as('caio', sees(path))).toBe(false);
});

test('threads that become one keep their files', async () => {
	const picture = fileFrom('5511987652009');
	await receive(database.door, [delivery([picture])]);
	const received = await messageOf(database.owner, picture.external_id);
	const path = await uploadRow(database.owner, `${received.tenant_id}/${received.id}/original.jpg`);
	await database.worker`
		select private.settle_media(
			${received.tenant_id}, ${received.id}, ${received.created_at}::text::timestamptz,
			${JSON.stringify({ result: 'stored', media: { path } })}::text::jsonb
		)`;
	const contact = async (conversation: string) => {
		const [row] = await database.owner<{ id: string }[]>`
			select contact_id as id from public.conversations where id = ${conversation}`;
		return row?.id ?? '';
	};
	const [keep, gone] = [await contact(mine.conversation_id), await contact(received.conversation_id)];
	await database.as('ana', (sql) => sql`select public.merge_contacts(${keep}, ${gone})`);
	expect((await messageOf(database.owner, picture.external_id)).conversation_id).toBe(mine.conversation_id);
	expect(await database.as('caio', sees(path))).toBe(true);
	expect(await database.as('duda', sees(path))).toBe(false);
});

test('what nobody sent is an orphan after a day, what a message has never is', async () => {
	const draft = await uploadRow(database.owner, draftOf('caio'));
	const old = await uploadRow(database.owner, draftOf('caio'), { hours: 25 });
	const sent = await uploadRow(database.owner, draftOf('caio'));
	await attach('caio', mine, sent);
	await database.owner`update storage.objects set created_at = now() - interval '9 days' where name = ${sent}`;
	const [row] = await database.worker<{ page: { paths: string[]; next: string | null } }[]>`
		select private.media_orphans('') as page`;
	expect(row?.page.next).toBeNull();
	expect(row?.page.paths).toContain(old);
	expect(row?.page.paths).not.toContain(draft);
	expect(row?.page.paths).not.toContain(sent);
});

test('what Meta was given is known by path and by content, until Meta forgets it', async () => {
	const channel = uuid('padaria channel');
	const known = async (path: string, sha256: string | null = null, of = channel) => {
		const [row] = await database.worker<
			{ id: string | null }[]
		>`select private.known_upload(${of}, ${path}, ${sha256}) as id`;
		return row?.id;
	};
	await database.worker`select private.remember_upload(${channel}, 'a', 'sum', '900')`;
	expect(await known('a')).toBe('900');
	expect(await known('b')).toBeNull();
	expect(await known('b', 'sum')).toBe('900');
	expect(await known('b')).toBe('900');
	expect(await known('a', 'sum', uuid('oficina channel'))).toBeNull();
	await database.owner`update private.media_uploads set uploaded_at = now() - interval '29 days'`;
	expect(await known('a', 'sum')).toBeNull();
	await database.worker`select private.remember_upload(${channel}, 'a', 'sum', '901')`;
	expect(await known('b', 'sum')).toBe('901');
});

test('a message sent once more has its file given to Meta anew, whatever path it lay at', async () => {
	const path = await uploadRow(database.owner, draftOf('caio'));
	await database.owner`update public.messages set media = null where id = ${mine.id}`;
	await attach('caio', mine, path);
	const channel = uuid('padaria channel');
	await database.worker`select private.remember_upload(${channel}, ${path}, 'same', '910')`;
	await database.worker`select private.remember_upload(${channel}, 'twin', 'same', '910')`;
	await database.worker`select private.remember_upload(${channel}, 'other', 'another', '911')`;
	await database.owner`select private.forget_uploads(m) from public.messages m where m.id = ${mine.id}`;
	const left = await database.owner`select path from private.media_uploads where sha256 in ('same', 'another')`;
	expect(left.map(({ path }) => path)).toEqual(['other']);
});
