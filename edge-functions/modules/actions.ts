import { isModuleId, MODULES, readForm, type ModuleId } from '@prosa/core/modules/modules.ts';
import { encryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { SetupProblem } from '@prosa/core/whatsapp/setup/problem.ts';
import { z } from 'zod';
import type { Action, HandlerNeeds } from '../channels/handler.ts';
import type { ModulesDatabase } from './database.ts';

export interface ActionNeeds extends HandlerNeeds {
	database: ModulesDatabase;
	keys: () => Promise<SecretKeys>;
}

const Saved = z.object({
	tenant_id: z.guid(),
	/** null: a new one. */
	id: z.guid().nullable(),
	module: z.string().refine(isModuleId),
	name: z.string().max(200).default(''),
	values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
});

/** A module's form: read by its schema, its secrets encrypted for this module alone, and kept. */
const save: Action<ActionNeeds> = async ({ database, keys }, person, body) => {
	const input = Saved.safeParse(body);
	if (!input.success) throw new SetupProblem('input_invalid');
	const { tenant_id, values } = input.data;
	const module = input.data.module as ModuleId;
	const stands = await database.stands(person, tenant_id, input.data.id);
	const { filled } = readForm(module, values, new Set(stands?.secrets));
	if (!filled) throw new SetupProblem('input_invalid');

	const id = input.data.id ?? crypto.randomUUID();
	const ring = await keys();
	const secrets = await Promise.all(
		Object.entries(filled.secrets).map(async ([name, text]) => ({
			name,
			...(await encryptSecret(ring, text, `${id}:${name}`))
		}))
	);
	const { configuration, holds } = filled;
	const name = MODULES[module].several ? input.data.name : '';
	await database.save(person, tenant_id, { id, module, name, configuration, holds }, secrets);
	return { id };
};

const Key = z.object({
	tenant_id: z.guid(),
	/** null: forgotten. */
	key: z
		.string()
		.trim()
		.regex(/^[\x21-\x7e]{8,400}$/)
		.nullable()
});

/** A company's own key of an AI provider, encrypted for it alone; it never comes back. */
const aiKey: Action<ActionNeeds> = async ({ database, keys }, person, body) => {
	const input = Key.safeParse(body);
	if (!input.success) throw new SetupProblem('input_invalid');
	const { tenant_id, key } = input.data;
	const secret = key === null ? null : await encryptSecret(await keys(), key, `${tenant_id}:ai_key`);
	await database.keepAiKey(person, tenant_id, secret && { ...secret, last_four: key?.slice(-4) ?? '' });
	return {};
};

export const ACTIONS: ReadonlyMap<string, Action<ActionNeeds>> = new Map([
	['save', save],
	['ai-key', aiKey]
]);
