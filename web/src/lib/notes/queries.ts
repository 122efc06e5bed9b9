import type { Client } from '#lib/auth/client.ts';
import type { Message } from '../database.ts';

/** Says one's own note anew; whom it names now is called. */
export async function editNote(client: Client, id: string, text: string, mentions: string[]): Promise<Message> {
	const { data } = await client.rpc('edit_note', { message_id: id, content: { text, mentions } }).throwOnError();
	return data;
}

/** Takes one's own note back. */
export async function deleteNote(client: Client, id: string): Promise<Message> {
	const { data } = await client.rpc('delete_note', { message_id: id }).throwOnError();
	return data;
}

/** Notes that one has seen where one was called in a conversation. */
export async function readMentions(client: Client, conversationId: string): Promise<void> {
	await client.rpc('read_mentions', { conversation_id: conversationId });
}
