import { z } from 'zod';
import type { BrowserClient } from '#lib/auth/browser_client.ts';

const Refusal = z.object({ code: z.string(), message: z.string() });

/**
 * Asks the edge function that talks to Meta. Throws `{ code, message }` with a code of the catalogue, like the database
 * does, so that one sentence fits both.
 */
async function ask<Schema extends z.ZodType>(
	client: BrowserClient,
	action: string,
	body: Record<string, unknown>,
	schema: Schema
): Promise<z.infer<Schema>> {
	const response = await client.post(`functions/v1/channels/${action}`, body);
	const answer: unknown = await response.json().catch(() => null);
	if (response.ok) return schema.parse(answer);
	throw Refusal.safeParse(answer).data ?? new Error(`channels answered ${response.status}`);
}

const Token = z.object({
	app_name: z.string().nullable(),
	scopes: z.array(z.string()),
	expires_at: z.string().nullable(),
	waba_ids: z.array(z.string())
});
export type TokenFacts = z.infer<typeof Token>;

const PhoneNumber = z.object({
	id: z.string(),
	display_phone_number: z.string().nullable(),
	verified_name: z.string().nullable(),
	quality_rating: z.string().nullable(),
	status: z.string().nullable(),
	place: z.enum(['here', 'elsewhere']).nullable()
});
export type PhoneNumber = z.infer<typeof PhoneNumber>;

/** What a token is good for. */
export async function inspectToken(client: BrowserClient, tenantId: string, token: string) {
	const schema = z.object({ token: Token });
	return (await ask(client, 'inspect', { tenant_id: tenantId, token }, schema)).token;
}

/** The numbers of an account. */
export async function numbersOf(client: BrowserClient, tenantId: string, token: string, wabaId: string) {
	const body = { tenant_id: tenantId, token, waba_id: wabaId };
	return (await ask(client, 'numbers', body, z.object({ numbers: z.array(PhoneNumber) }))).numbers;
}

export interface Connection {
	tenant_id: string;
	token: string;
	waba_id: string;
	phone_number_id: string;
	name: string;
	pin?: string;
	app_secret?: string;
}

/** Connects a number. The verify token, made for the company's own app, is told this once. */
export function connectNumber(client: BrowserClient, connection: Connection) {
	const schema = z.object({ channel_id: z.string(), verify_token: z.string().nullable() });
	return ask(client, 'connect', { ...connection }, schema);
}

export function changeToken(client: BrowserClient, channelId: string, token: string) {
	return ask(client, 'token', { channel_id: channelId, token }, z.object({ token: Token }));
}

export function subscribe(client: BrowserClient, channelId: string) {
	return ask(client, 'subscribe', { channel_id: channelId }, z.object({ subscribed: z.boolean() }));
}
