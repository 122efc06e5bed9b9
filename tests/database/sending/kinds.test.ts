import { SENDABLE } from '@prosa/core/whatsapp/outgoing/cases/sendable.ts';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { customerWrites, refusal, refusalDetail, send } from '../threads.ts';

const database = useDatabase();

/** Kinds whose files and templates have tests of their own. */
const plain = Object.entries(SENDABLE).filter(
	([, content]) =>
		content.kind !== 'template' && content.kind !== 'reaction' && !JSON.stringify(content).includes('"path"')
);

test('every kind without a file of ours is queued as it was written, and its job with it', async () => {
	const { id } = await customerWrites(database);
	expect(new Set(plain.map(([, { kind }]) => kind))).toEqual(
		new Set(['text', 'image', 'location', 'contacts', 'interactive'])
	);
	for (const [name, content] of plain) {
		const message = await send(database, 'caio', id, content);
		expect(message, name).toMatchObject({
			status: 'queued',
			kind: content.kind,
			content: JSON.parse(JSON.stringify(content))
		});
	}
	const waiting = await database.owner`
		select j.key from private.outbox o join graphile_worker.jobs j on j.key = 'outbox:' || o.channel_id || ':' || o.shard
		where o.conversation_id = ${id}`;
	expect(waiting).toHaveLength(1);
});

test.each([
	['a text with a link', 'Veja https://padaria.test', 'text'],
	['a photo by link', '', 'image'],
	['a place', 'Padaria, Rua A, 1', 'location'],
	['a whole contact', 'Dra. Ana Souza', 'contacts'],
	['three buttons', 'a'.repeat(1_024), 'interactive'],
	['a product', '', 'interactive']
])('%s shows in the list by its text', async (name, body, kind) => {
	const { id } = await customerWrites(database);
	expect(await send(database, 'caio', id, SENDABLE[name])).toMatchObject({ body });
	const [row] = await database.owner`
		select preview, preview_kind, preview_direction, waiting_since from public.conversations where id = ${id}`;
	expect(row).toEqual({
		preview: body.slice(0, 200),
		preview_kind: kind,
		preview_direction: 'out',
		waiting_since: null
	});
});

test('what WhatsApp would refuse is refused with the fault it has, and leaves nothing behind', async () => {
	const { id } = await customerWrites(database);
	const refused: [object, string][] = [
		[{ kind: 'text', text: 'a'.repeat(4_097) }, 'text_too_long'],
		[{ kind: 'location', latitude: 91, longitude: 0 }, 'latitude_invalid'],
		[{ kind: 'image', link: 'ftp://x' }, 'link_invalid'],
		[{ kind: 'image', media_id: '42' }, 'field_unknown'],
		[{ kind: 'poll' }, 'kind_unknown'],
		[{ kind: 'text', text: 'Oi', media: { path: 5 } }, 'field_unknown']
	];
	for (const [content, fault] of refused) {
		expect(await refusal(send(database, 'ana', id, content))).toBe('422 content_invalid');
		expect(await refusalDetail(send(database, 'ana', id, content))).toBe(fault);
	}
	const messages = await database.owner`select from public.messages where conversation_id = ${id}`;
	expect(messages).toHaveLength(1);
});

test('a message that is larger than any form makes is refused before its parts are looked at', async () => {
	const { id } = await customerWrites(database);
	const payload = { screen: 'A', data: { text: 'a'.repeat(600_000) } };
	const content = structuredClone(SENDABLE['a Flow']) as { interactive: { action: { parameters: object } } };
	Object.assign(content.interactive.action.parameters, { flow_action_payload: payload });
	expect(await refusalDetail(send(database, 'ana', id, content))).toBe('content_too_large');
});

test('the same click of any kind is one message', async () => {
	const { id } = await customerWrites(database);
	const clientId = randomUUID();
	const first = await send(database, 'caio', id, SENDABLE['three buttons'], { clientId });
	const again = await send(database, 'caio', id, SENDABLE['three buttons'], { clientId });
	expect(again.id).toBe(first.id);
});

test('outside the window none of it goes', async () => {
	const { id } = await customerWrites(database);
	await database.owner`update public.conversations set window_expires_at = now() where id = ${id}`;
	for (const [name, content] of plain) {
		expect(await refusal(send(database, 'caio', id, content)), name).toBe('409 window_closed');
	}
});
