import type { Values } from '@prosa/core/modules/form.ts';
import { isModuleId, type ModuleId } from '@prosa/core/modules/modules.ts';
import { z } from 'zod';
import type { BrowserClient } from '#lib/auth/browser_client.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Row } from '#lib/database.ts';

/** An integration as its manager sees it: of secrets only since when they are set. */
export interface ModuleRow extends Omit<Row<'tenant_modules'>, 'module' | 'configuration' | 'secrets_set'> {
	module: ModuleId;
	configuration: Values;
	secrets_set: Record<string, string>;
}

const rowOf = (row: Row<'tenant_modules'>): ModuleRow[] =>
	isModuleId(row.module)
		? [
				{
					...row,
					module: row.module,
					configuration: row.configuration as Values,
					secrets_set: row.secrets_set as Record<string, string>
				}
			]
		: [];

/** By name. Throws what the database answers. */
export async function modulesOf(client: Client, tenantId: string): Promise<ModuleRow[]> {
	const { data } = await client
		.from('tenant_modules')
		.select()
		.eq('tenant_id', tenantId)
		.order('module', { ascending: false })
		.order('name')
		.throwOnError();
	return data.flatMap(rowOf);
}

const Refusal = z.object({ code: z.string(), message: z.string() });

/** Keeps a form by the edge function that encrypts its secrets. Throws `{ code, message }`, as the database does. Gives the id. */
export async function saveModule(
	client: BrowserClient,
	saved: { tenant_id: string; id: string | null; module: ModuleId; name: string; values: Values }
): Promise<string> {
	const response = await client.post('functions/v1/modules/save', { ...saved });
	const answer: unknown = await response.json().catch(() => null);
	if (response.ok) return z.object({ id: z.string() }).parse(answer).id;
	throw Refusal.safeParse(answer).data ?? new Error(`modules answered ${response.status}`);
}

const LOOK_MS = 700;
const PATIENCE_MS = 45_000;

/** Has a worker call the other side. Resolves once it has said what it found, or has taken too long. */
export async function testModule(client: Client, id: string): Promise<void> {
	const { data: asked } = await client.rpc('test_module', { module_id: id }).throwOnError();
	for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
		await new Promise((done) => setTimeout(done, LOOK_MS));
		const { data } = await client.from('tenant_modules').select('tested_at').eq('id', id).single().throwOnError();
		if (data.tested_at !== null && asked.test_asked_at !== null && data.tested_at > asked.test_asked_at) return;
	}
}
