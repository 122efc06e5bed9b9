import type { Client } from '#lib/auth/client.ts';
import type { Message } from '../database.ts';
import type { Connection } from '../realtime/connection.svelte.ts';
import { Topic } from '../realtime/topic.ts';
import type { Slots, Summary, Translation } from '../slots/slots.svelte.ts';
import type { Thread } from './thread.svelte.ts';

/** Keeps a thread current. Each join, the first too, catches up with what was missed. */
export function threadTopic(
	client: Client,
	connection: Connection,
	thread: Thread,
	slots: Slots,
	onchange: (row: unknown) => void
): Topic {
	return new Topic(client, connection, `conversation:${thread.id}`, {
		on: {
			message: (row) => thread.apply([row as Message]),
			conversation: onchange,
			translation: (row) => slots.translated(row as Translation),
			summary: (row) => slots.summarised(row as Summary),
			parted: () => thread.parted(),
			participants: (told) => (thread.followers = (told as { user_ids: string[] }).user_ids)
		},
		onjoin: () => {
			thread.catchUp();
			void thread.readFollowers();
			void thread.readParts();
			void slots.renew(thread.id);
		}
	});
}
