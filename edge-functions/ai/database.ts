import type { AssistReading } from '@prosa/core/ai/assist/reading.ts';
import { Accounts } from '@prosa/core/ai/budget/spending.ts';
import postgres from 'postgres';
import { z } from 'zod';
import type { Person } from '../channels/person.ts';

/** A tenant's own key of a provider, still encrypted. */
export type KeptKey = { key_id: string; nonce: string; ciphertext: string };

const Reading = z.object({
	tenant: z.object({ id: z.guid(), name: z.string(), timezone: z.string(), language: z.string() }),
	voice: z.object({ number: z.number(), definition: z.unknown() }).nullable(),
	model: z.string().nullable(),
	contact: z.object({ name: z.string(), language: z.string().nullable(), facts: z.array(z.string()).default([]) }),
	said: z.array(
		z.object({
			seq: z.number(),
			author: z.enum(['customer', 'company']),
			kind: z.string(),
			text: z.string().nullable()
		})
	),
	summary: z.string().nullable(),
	tags: z.array(z.string()),
	stands: z.object({ status: z.string(), waiting: z.boolean(), assigned: z.boolean(), team: z.string().nullable() }),
	documents: z.array(z.object({ title: z.string(), heading: z.string(), text: z.string() })),
	message: z.object({ text: z.string() }).nullable(),
	up_to: z.number(),
	accounts: Accounts,
	key: z.object({ key_id: z.string(), nonce: z.string(), ciphertext: z.string() }).nullable()
});

/** What the function may do in the database; refusals are rejected with their code. */
export interface AiDatabase {
	read(person: Person, conversationId: string, ask: object): Promise<AssistReading & { key: KeptKey | null }>;
	begin(call: object): Promise<{ id?: string; refused?: string }>;
	settle(callId: string, result: object): Promise<void>;
	keep(person: Person, conversationId: string, kept: object): Promise<void>;
}

/** Connects, when first used, as the role `prosa_ai`, which can do these four things and no other. */
export function connect(url: string): AiDatabase {
	const sql = postgres(url, {
		max: 8,
		idle_timeout: 60,
		connection: { role: 'prosa_ai', application_name: 'prosa ai', statement_timeout: 10_000 },
		connect_timeout: 5,
		fetch_types: false,
		onnotice: () => {}
	});
	// As text: postgres.js would write a jsonb parameter as JSON once more.
	const json = (value: unknown) => JSON.stringify(value);
	// Without the type table, jsonb may come as text.
	const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

	return {
		async read(person, conversationId, ask) {
			const [row] = await sql<[{ reading: unknown }]>`
				select private.assist_reading(${json(person)}::text::jsonb, ${conversationId}::uuid, ${json(ask)}::text::jsonb) as reading`;
			return Reading.parse(parsed(row.reading));
		},
		async begin(call) {
			const [row] = await sql<[{ begun: unknown }]>`
				select private.begin_ai_call(${json(call)}::text::jsonb) as begun`;
			return z.object({ id: z.guid(), refused: z.string() }).partial().parse(parsed(row.begun));
		},
		async settle(callId, result) {
			await sql`select private.settle_ai_call(${callId}::uuid, ${json(result)}::text::jsonb)`;
		},
		async keep(person, conversationId, kept) {
			await sql`
				select private.keep_assisted(${json(person)}::text::jsonb, ${conversationId}::uuid, ${json(kept)}::text::jsonb)`;
		}
	};
}
