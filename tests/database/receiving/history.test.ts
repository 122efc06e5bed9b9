import { expect, test } from 'vitest';
import type { Message } from '../../../core/src/whatsapp/events.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';

const database = useDatabase();

const imported = (direction: 'in' | 'out', kind: Message['kind'], content: object, body: string) =>
	textFrom('5511987650009', body, {
		external_id: `wamid.history-${direction}`,
		direction,
		author: direction === 'in' ? 'contact' : 'agent',
		kind,
		content: content as Message['content'],
		sent_at: '2026-01-05T12:00:00Z',
		opens_window: false,
		counts_unread: false,
		history_status: 'read'
	});

test('media that history names first and shows later is one message, whichever comes first, sent or received', async () => {
	for (const direction of ['in', 'out'] as const) {
		const placeholder = imported(direction, 'media_placeholder', { kind: 'media_placeholder' }, '');
		const image = imported(direction, 'image', { kind: 'image', media_id: '77', caption: 'Bolo' }, 'Bolo');
		for (const order of [[placeholder, image], [image, placeholder], [placeholder]]) {
			for (const event of order) {
				await receive(database.door, [delivery([event], Math.random().toString())]);
			}
		}
		const rows =
			await database.owner`select kind, body from public.messages where external_id like ${`wamid.history-${direction}%`}`;
		expect(rows).toEqual([{ kind: 'image', body: 'Bolo' }]);
		const threads = await database.owner`select preview, preview_kind from public.conversations where is_history`;
		expect(threads).toEqual([{ preview: 'Bolo', preview_kind: 'image' }]);
	}
});
