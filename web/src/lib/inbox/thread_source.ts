import type { Session } from '../auth/session.svelte.ts';
import { uploadPath } from '../composer/files/path.ts';
import type { Keeper, Send } from './outbox.svelte.ts';
import { partsOf } from '../merging/queries.ts';
import { followersOf, messageSeq, threadFrom, threadNext, threadPage } from './queries.ts';
import type { ThreadSource } from './thread.svelte.ts';

/** The messages of a conversation, and the ways out of it, as the database has them. */
export function threadSource(
	session: Session,
	tenantId: string,
	me: string,
	id: string,
	keeper: Keeper | null
): ThreadSource {
	const { client } = session;
	return {
		page: (before) => threadPage(client, id, before),
		from: (seq, before) => threadFrom(client, id, seq, before),
		next: (seq) => threadNext(client, id, seq),
		seqOf: (messageId) => messageSeq(client, tenantId, messageId),
		followers: () => followersOf(client, tenantId, id),
		parts: () => partsOf(client, tenantId, id),
		uploadPath: (fileId, name) => uploadPath(tenantId, me, fileId, name),
		keeper,
		showTyping: async () => client.rpc('show_typing', { conversation_id: id }),
		put: (path, file, type, options) => session.putFile('media', path, file, type, options),
		send: sender(client, tenantId, id)
	};
}

/** Sends a message, or writes a note. */
function sender(client: Session['client'], tenantId: string, id: string): Send {
	return async ({ clientId, content, quotedId, note, used }) => {
		if (note) {
			const noted = { text: content.kind === 'text' ? content.text : '', mentions: note.mentions };
			const args = { conversation_id: id, client_id: clientId, content: noted };
			return (await client.rpc('add_note', args).throwOnError()).data;
		}
		const args = { conversation_id: id, client_id: clientId, content, quoted_message_id: quotedId };
		const { data } = await client.rpc('send_message', args).throwOnError();
		if (used.length > 0) {
			const use = { tenant_id: tenantId, client_id: clientId, variant_ids: [...used] };
			// A figure of what is used: the message has gone, whatever becomes of this.
			void client.rpc('note_canned_use', use).then(
				() => undefined,
				() => undefined
			);
		}
		return data;
	};
}
