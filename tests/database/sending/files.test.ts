import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { draftOf, uploadRow } from '../media/arrange.ts';
import { uuid } from '../people.ts';
import { customerWrites, refusal, refusalDetail, send } from '../threads.ts';

const database = useDatabase();
const photo = (path: string, more: object = {}) => ({ kind: 'image', path, mime_type: 'image/png', size: 10, ...more });
const uploaded = (person: 'caio' | 'ana' | 'edu', more: object = {}, file = 'foto.png') =>
	uploadRow(database.owner, draftOf(person, file, person === 'edu' ? 'oficina' : 'padaria'), more);

test('a photo goes with the file it was uploaded as, known as storage knows it', async () => {
	const { id } = await customerWrites(database);
	const path = await uploaded('caio', { size: 4_321 });
	const message = await send(database, 'caio', id, photo(path, { mime_type: 'image/jpeg', size: 1, caption: 'O pão' }));
	expect(message).toMatchObject({
		kind: 'image',
		body: 'O pão',
		content: { path, mime_type: 'image/png', size: 4_321 },
		media: { status: 'stored', path, mime_type: 'image/png', size: 4_321 }
	});
	const [row] = await database.owner`select preview, preview_kind from public.conversations where id = ${id}`;
	expect(row).toEqual({ preview: 'O pão', preview_kind: 'image' });
});

test('a document is known by its name where it has no caption', async () => {
	const { id } = await customerWrites(database);
	const path = await uploaded('caio', { mimetype: 'application/pdf' }, 'cardapio.pdf');
	expect(await send(database, 'caio', id, { kind: 'document', path, filename: 'Cardápio.pdf' })).toMatchObject({
		body: 'Cardápio.pdf',
		media: { filename: 'Cardápio.pdf' }
	});
});

test('type and size are what storage recorded, not what a browser says', async () => {
	const { id } = await customerWrites(database);
	const large = await uploaded('caio', { size: 5 * 1_024 * 1_024 + 1 });
	expect(await refusalDetail(send(database, 'caio', id, photo(large, { size: 10 })))).toBe('media_too_large');
	const gif = await uploaded('caio', { mimetype: 'image/gif' });
	expect(await refusalDetail(send(database, 'caio', id, photo(gif)))).toBe('media_type_unsupported');
	const voice = await uploaded('caio', { mimetype: 'audio/webm' }, 'voz.webm');
	expect(
		await refusalDetail(send(database, 'caio', id, { kind: 'audio', path: voice, voice: true, mime_type: 'audio/ogg' }))
	).toBe('media_type_unsupported');
});

test('nobody sends what a colleague is about to, what another company has, or what is not there', async () => {
	const { id } = await customerWrites(database);
	const paths = [
		await uploaded('ana'),
		await uploaded('edu'),
		await uploaded('caio', { hours: 24 }),
		draftOf('caio'),
		`${uuid('padaria')}/uploads/${uuid('caio')}/../../secret.png`,
		''
	];
	const answers = [];
	for (const path of paths) answers.push(await refusal(send(database, 'caio', id, photo(path))));
	expect(answers).toEqual(paths.map(() => '404 media_not_found'));
	expect(await database.owner`select from public.messages where conversation_id = ${id}`).toHaveLength(1);
});

test('a file under the buttons of another company’s agent is as far away as one of a photo', async () => {
	const { id } = await customerWrites(database);
	const withHeader = (path: string) => ({
		kind: 'interactive',
		interactive: {
			type: 'button',
			header: { type: 'image', image: { path } },
			body: { text: 'Quer?' },
			action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'Sim' } }] }
		}
	});
	expect(await refusal(send(database, 'caio', id, withHeader(await uploaded('edu'))))).toBe('404 media_not_found');
	expect(await refusal(send(database, 'caio', id, withHeader(await uploaded('ana'))))).toBe('404 media_not_found');
	const path = await uploaded('caio');
	expect(await send(database, 'caio', id, withHeader(path))).toMatchObject({
		body: 'Quer?',
		media: { status: 'stored', path },
		content: { interactive: { header: { image: { path, mime_type: 'image/png', size: 1_234 } } } }
	});
});

test('a photo sent twice by one click is one message with one file', async () => {
	const { id } = await customerWrites(database);
	const path = await uploaded('caio');
	const clientId = randomUUID();
	const first = await send(database, 'caio', id, photo(path), { clientId });
	expect((await send(database, 'caio', id, photo(path), { clientId })).id).toBe(first.id);
	expect(await database.owner`select from private.media_files where path = ${path}`).toHaveLength(1);
});

test('what was received is sent on by whoever sees it', async () => {
	const [one, other] = [await customerWrites(database), await customerWrites(database)];
	const path = await uploaded('caio');
	await send(database, 'caio', one.id, photo(path));
	expect(await send(database, 'duda', other.id, photo(path))).toMatchObject({ media: { path } });
	await database.owner`update public.conversations set assignee_id = ${uuid('ana')} where id in ${database.owner([one.id, other.id])}`;
	const third = await customerWrites(database);
	expect(await refusal(send(database, 'caio', third.id, photo(path)))).toBe('404 media_not_found');
});

test('a Flow’s own data may speak of paths', async () => {
	const { id } = await customerWrites(database);
	const parameters = {
		flow_message_version: '3',
		flow_id: '1',
		flow_cta: 'Abrir',
		flow_action_payload: { screen: 'A', data: { path: 'any/where' } }
	};
	const interactive = { type: 'flow', body: { text: 'Oi' }, action: { name: 'flow', parameters } };
	expect(await send(database, 'caio', id, { kind: 'interactive', interactive })).toMatchObject({ media: null });
});
