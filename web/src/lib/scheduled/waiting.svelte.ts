import type { Json } from '@prosa/core/database.types.ts';
import type { Session } from '../auth/session.svelte.ts';
import type { OutgoingContent } from '../composer/content.ts';
import { followTable } from '../realtime/table.ts';
import type { Scheduled } from './rows.ts';

export interface Plan {
	clientId: string;
	content: OutgoingContent;
	sendAt: Date;
	unlessAnswered: boolean;
	used: readonly string[];
}

/** What waits to be sent in one conversation, and what could not go; in the order of its times. */
export class Waiting {
	#session: Session;
	#tenantId: string;
	#conversationId: string;

	rows = $state.raw<Scheduled[]>([]);

	constructor(session: Session, tenantId: string, conversationId: string) {
		this.#session = session;
		this.#tenantId = tenantId;
		this.#conversationId = conversationId;
	}

	/** Reads them, and follows what changes. Returns what ends it. */
	follow(): () => void {
		return followTable(this.#session.client, 'scheduled_messages', this.#tenantId, () => void this.read());
	}

	/** Silent: it is read again with the next change. */
	async read() {
		const { data } = await this.#session.client
			.from('scheduled_messages')
			.select()
			.eq('tenant_id', this.#tenantId)
			.eq('conversation_id', this.#conversationId)
			.in('status', ['scheduled', 'failed'])
			.order('send_at');
		if (data) this.rows = data as unknown as Scheduled[];
	}

	async schedule({ clientId, content, sendAt, unlessAnswered, used }: Plan): Promise<Scheduled> {
		const { data } = await this.#session.client
			.rpc('schedule_message', {
				conversation_id: this.#conversationId,
				client_id: clientId,
				content: content as unknown as Json,
				send_at: sendAt.toISOString(),
				unless_answered: unlessAnswered,
				variant_ids: [...used]
			})
			.throwOnError();
		await this.read();
		return data as unknown as Scheduled;
	}

	async change(row: Scheduled, content: OutgoingContent, sendAt: Date, unlessAnswered: boolean) {
		const args = {
			scheduled_message_id: row.id,
			content: content as unknown as Json,
			send_at: sendAt.toISOString(),
			unless_answered: unlessAnswered
		};
		await this.#session.client.rpc('change_scheduled_message', args).throwOnError();
		await this.read();
	}

	async cancel(row: Scheduled, cancelled = true) {
		const args = { scheduled_message_id: row.id, cancelled };
		await this.#session.client.rpc('cancel_scheduled_message', args).throwOnError();
		await this.read();
	}

	async send(row: Scheduled) {
		await this.#session.client.rpc('send_scheduled_message', { scheduled_message_id: row.id }).throwOnError();
		await this.read();
	}
}
