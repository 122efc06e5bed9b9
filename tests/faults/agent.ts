import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { randomUUID } from 'node:crypto';
import type { Database } from '@prosa/core/database.types.ts';
import type { StackFacts } from '../../stack/facts.ts';

/** Ana, answering as her browser does. */
export class Agent {
	#client: SupabaseClient<Database>;

	private constructor(client: SupabaseClient<Database>) {
		this.#client = client;
	}

	static async signIn(facts: StackFacts): Promise<Agent> {
		const client = createClient<Database>(facts.api_url, facts.anon_key, { auth: { persistSession: false } });
		const { error } = await client.auth.signInWithPassword({ email: 'ana@padaria.test', password: 'demo-prosa' });
		if (error) throw error;
		return new Agent(client);
	}

	/** The open conversation with a person, once there is one. */
	async conversationWith(name: string): Promise<string | null> {
		const { data } = await this.#client
			.from('conversations')
			.select('id, contact:contacts!inner(name)')
			.eq('contact.name', name)
			.maybeSingle()
			.throwOnError();
		return data?.id ?? null;
	}

	/** Queues a text; gives the message's id. */
	async answer(conversationId: string, text: string): Promise<string> {
		const { data } = await this.#client
			.rpc('send_message', {
				conversation_id: conversationId,
				client_id: randomUUID(),
				content: { kind: 'text', text }
			})
			.throwOnError();
		return data.id;
	}
}
