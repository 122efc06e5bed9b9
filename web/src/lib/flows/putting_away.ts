import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';

const Uses = z.object({ callers: z.array(z.object({ id: z.guid(), name: z.string() })), live: z.number() });
/** What would feel it if a flow were gone. */
export type Uses = z.infer<typeof Uses>;

export async function usesOf(client: Client, flowId: string): Promise<Uses> {
	const { data } = await client.rpc('flow_uses', { flow_id: flowId }).throwOnError();
	return Uses.parse(data);
}

export async function putAway(client: Client, flowId: string): Promise<void> {
	await client.rpc('archive_flow', { flow_id: flowId }).throwOnError();
}

/** Gets it back, live again with a version where there is one. */
export async function getBack(client: Client, flowId: string, version: string | null): Promise<void> {
	await client.rpc('unarchive_flow', { flow_id: flowId, ...(version && { version_id: version }) }).throwOnError();
}

export async function throwAway(client: Client, flowId: string): Promise<void> {
	await client.rpc('delete_flow', { flow_id: flowId }).throwOnError();
}
