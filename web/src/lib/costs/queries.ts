import type { Client } from '#lib/auth/client.ts';
import { daysOf, type Month } from './period.ts';

/** What the costs of a month can be told apart by, in the order of the page. */
export const GROUPINGS = ['category', 'channel', 'template', 'agent', 'country', 'conversation'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface CostRow {
	key: string | null;
	label: string | null;
	messages: number;
	charged: number;
	free: number;
	unknown: number;
	amount: number;
	currency: string;
}

export interface PriceList {
	id: string;
	currency: string;
	effective_from: string;
	source: string;
	prices: number;
	missing: number;
}

/** The costs of a month, by day or by what the person chose. Throws what the database refuses. */
export async function costsOf(
	client: Client,
	tenantId: string,
	month: Month,
	by: Grouping | 'day'
): Promise<CostRow[]> {
	const { data } = await client.rpc('costs', { tenant_id: tenantId, ...daysOf(month), by }).throwOnError();
	return data.map((row) => ({ ...row, amount: Number(row.amount) }));
}

export async function priceLists(client: Client, tenantId: string): Promise<PriceList[]> {
	const { data } = await client.rpc('price_lists', { tenant_id: tenantId }).throwOnError();
	return data;
}

/** Prices a month's messages anew. Gives how many changed. */
export async function reprice(client: Client, tenantId: string, month: Month): Promise<number> {
	const { data } = await client
		.rpc('reprice_costs', { tenant_id: tenantId, since: daysOf(month).since })
		.throwOnError();
	return data;
}

/** A sum by month (2026-11) and category. */
export interface CostPart {
	month: string;
	category: string;
	currency: string;
	amount: number;
	messages: number;
	charged: number;
	free: number;
	unknown: number;
}

/** What a conversation or a person has cost, and what it is made of: `private.sum_of_charges`. */
export interface CostSum extends Omit<CostPart, 'month' | 'category'> {
	parts: CostPart[];
}

export async function conversationCost(client: Client, conversationId: string): Promise<CostSum> {
	const { data } = await client.rpc('conversation_cost', { conversation_id: conversationId }).throwOnError();
	return data as unknown as CostSum;
}

export async function contactCost(client: Client, contactId: string): Promise<CostSum> {
	const { data } = await client.rpc('contact_cost', { contact_id: contactId }).throwOnError();
	return data as unknown as CostSum;
}

/** What the next message would cost: `public.price_of`. */
export interface Price {
	amount: number | null;
	currency: string;
	free: boolean;
	reason: string | null;
	country: string | null;
}

export async function priceOf(client: Client, conversationId: string, category: string): Promise<Price> {
	const { data } = await client.rpc('price_of', { conversation_id: conversationId, category }).throwOnError();
	return data as unknown as Price;
}
