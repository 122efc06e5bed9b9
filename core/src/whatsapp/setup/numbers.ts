import { z } from 'zod';
import { demand, refusalIn, SetupProblem, type AskGraph } from './problem.ts';

/** A number as the Graph API tells it. */
export interface GraphNumber {
	id: string;
	display_phone_number: string | null;
	verified_name: string | null;
	quality_rating: string | null;
	/** CONNECTED when it can be used; PENDING, OFFLINE, BANNED, RESTRICTED and others. */
	status: string | null;
	name_status: string | null;
	/** STANDARD: 80 messages a second; HIGH: 1,000. */
	throughput: string | null;
	/** TIER_250, TIER_2K, … TIER_UNLIMITED. */
	messaging_limit: string | null;
}

const FIELDS =
	'id,display_phone_number,verified_name,quality_rating,status,name_status,throughput,whatsapp_business_manager_messaging_limit';

const maybe = z
	.string()
	.nullish()
	.transform((value) => value ?? null);
const PhoneNumber = z
	.object({
		id: z.union([z.string(), z.number()]).transform(String),
		display_phone_number: maybe,
		verified_name: maybe,
		quality_rating: maybe,
		status: maybe,
		name_status: maybe,
		throughput: z.object({ level: maybe }).nullish(),
		whatsapp_business_manager_messaging_limit: maybe
	})
	.transform(({ throughput, whatsapp_business_manager_messaging_limit, ...number }): GraphNumber => ({
		...number,
		throughput: throughput?.level ?? null,
		messaging_limit: whatsapp_business_manager_messaging_limit
	}));

/** The numbers of a WhatsApp account. Throws SetupProblem: account_not_found, token_…, graph_unreachable. */
export async function numbersOf(ask: AskGraph, wabaId: string): Promise<GraphNumber[]> {
	const reply = await ask('GET', `${wabaId}/phone_numbers`, { fields: FIELDS, limit: '100' });
	demand(reply, 'account_not_found');
	const read = z.object({ data: z.array(PhoneNumber) }).safeParse(reply.body);
	if (!read.success) throw new SetupProblem('account_not_found');
	return read.data.data;
}

/** One number. Throws SetupProblem: number_not_found, token_…, graph_unreachable. */
export async function numberOf(ask: AskGraph, phoneNumberId: string): Promise<GraphNumber> {
	const reply = await ask('GET', phoneNumberId, { fields: FIELDS });
	demand(reply, 'number_not_found');
	const read = PhoneNumber.safeParse(reply.body);
	if (!read.success) throw new SetupProblem('number_not_found');
	return read.data;
}

/** Registers a number with the Cloud API under its PIN. Throws SetupProblem: number_pin_wrong, token_…, graph_unreachable. */
export async function registerNumber(ask: AskGraph, phoneNumberId: string, pin: string): Promise<void> {
	const reply = await ask('POST', `${phoneNumberId}/register`, { messaging_product: 'whatsapp', pin });
	// 133005: two-step verification PIN mismatch; 133006, 133008 to 133010: verification itself.
	demand(reply, 'number_pin_wrong');
}

/** Whether the account's webhooks come to the token's app. Throws SetupProblem: account_not_found, token_…, graph_unreachable. */
export async function isSubscribed(ask: AskGraph, wabaId: string, appId: string | null): Promise<boolean> {
	const reply = await ask('GET', `${wabaId}/subscribed_apps`);
	demand(reply, 'account_not_found');
	const read = z
		.object({ data: z.array(z.object({ whatsapp_business_api_data: z.object({ id: z.string() }).optional() })) })
		.safeParse(reply.body);
	if (!read.success) return false;
	const apps = read.data.data.map(({ whatsapp_business_api_data: app }) => app?.id);
	return appId === null ? apps.length > 0 : apps.includes(appId);
}

/** Has the account's webhooks sent to the token's app. Throws SetupProblem: subscription_failed, token_…, graph_unreachable. */
export async function subscribeAccount(ask: AskGraph, wabaId: string): Promise<void> {
	const reply = await ask('POST', `${wabaId}/subscribed_apps`);
	demand(reply, 'subscription_failed');
	if (refusalIn(reply) === null && !z.object({ success: z.literal(true) }).safeParse(reply.body).success) {
		throw new SetupProblem('subscription_failed');
	}
}
