import type { Encrypted } from '@prosa/core/secrets/secrets.ts';
import postgres from 'postgres';
import { z } from 'zod';
import type { Person } from './person.ts';

/** A secret on its way to the database: already encrypted. */
export interface NamedSecret extends Encrypted {
	name: 'access_token' | 'app_secret' | 'verify_token';
}

export interface ManagedChannel {
	id: string;
	tenant_id: string;
	phone_number_id: string;
	waba_id: string;
	token: { key_id: string; nonce: string; ciphertext: string } | null;
}

export interface NewChannel {
	id: string;
	name: string;
	phone_number_id: string;
	waba_id: string;
	display_phone_number: string | null;
}

/** What the function may do in the database, in a person's name; refusals are rejected with their code. */
export interface ChannelsDatabase {
	mayConnect(person: Person, tenantId: string): Promise<void>;
	places(person: Person, tenantId: string, numbers: string[]): Promise<Map<string, 'here' | 'elsewhere'>>;
	connect(person: Person, tenantId: string, channel: NewChannel, secrets: NamedSecret[], found: object): Promise<void>;
	managed(person: Person, channelId: string): Promise<ManagedChannel>;
	change(person: Person, channelId: string, secrets: NamedSecret[], found: object | null): Promise<void>;
}

const Channel = z.object({
	id: z.string(),
	tenant_id: z.string(),
	phone_number_id: z.string(),
	waba_id: z.string(),
	token: z.object({ key_id: z.string(), nonce: z.string(), ciphertext: z.string() }).nullable()
});

/** Connects, when first used, as the role `prosa_channels`, which can do these five things and no other. */
export function connect(url: string): ChannelsDatabase {
	const sql = postgres(url, {
		max: 2,
		idle_timeout: 60,
		connection: { role: 'prosa_channels', application_name: 'prosa channels', statement_timeout: 10_000 },
		connect_timeout: 5,
		fetch_types: false,
		onnotice: () => {}
	});
	// As text: postgres.js would write a jsonb parameter as JSON once more.
	const json = (value: unknown) => JSON.stringify(value);
	const hex = (secrets: NamedSecret[]) =>
		json(secrets.map((secret) => ({ ...secret, nonce: hexOf(secret.nonce), ciphertext: hexOf(secret.ciphertext) })));

	return {
		async mayConnect(person, tenantId) {
			await sql`select private.may_connect(${json(person)}::text::jsonb, ${tenantId}::uuid)`;
		},
		async places(person, tenantId, numbers) {
			const rows = await sql<{ phone_number_id: string; place: 'here' | 'elsewhere' }[]>`
				select phone_number_id, place
				from private.places_of_numbers(
					${json(person)}::text::jsonb, ${tenantId}::uuid, array(select jsonb_array_elements_text(${json(numbers)}::text::jsonb))
				)`;
			return new Map(rows.map(({ phone_number_id, place }) => [phone_number_id, place]));
		},
		async connect(person, tenantId, channel, secrets, found) {
			await sql`select private.connect_channel(
				${json(person)}::text::jsonb, ${tenantId}::uuid, ${json(channel)}::text::jsonb, ${hex(secrets)}::text::jsonb, ${json(found)}::text::jsonb
			)`;
		},
		async managed(person, channelId) {
			const [row] = await sql<[{ channel: unknown }]>`
				select private.channel_to_manage(${json(person)}::text::jsonb, ${channelId}::uuid) as channel`;
			// Without the type table, jsonb may come as text.
			const value: unknown = typeof row.channel === 'string' ? JSON.parse(row.channel) : row.channel;
			return Channel.parse(value);
		},
		async change(person, channelId, secrets, found) {
			await sql`select private.change_channel_secrets(
				${json(person)}::text::jsonb, ${channelId}::uuid, ${hex(secrets)}::text::jsonb, ${found && json(found)}::text::jsonb
			)`;
		}
	};
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
