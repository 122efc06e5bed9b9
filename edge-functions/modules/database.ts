import type { Values } from '@prosa/core/modules/form.ts';
import type { ModuleId } from '@prosa/core/modules/modules.ts';
import type { Encrypted } from '@prosa/core/secrets/secrets.ts';
import postgres from 'postgres';
import { z } from 'zod';
import type { Person } from '../channels/person.ts';

export interface ModuleToSave {
	id: string;
	module: ModuleId;
	name: string;
	configuration: Values;
	holds: string[];
}

/** What the function may do in the database, in a person's name; refusals are rejected with their code. */
export interface ModulesDatabase {
	/** What is kept of a module; null for a new one. */
	stands(person: Person, tenantId: string, moduleId: string | null): Promise<{ secrets: string[] } | null>;
	save(
		person: Person,
		tenantId: string,
		module: ModuleToSave,
		secrets: (Encrypted & { name: string })[]
	): Promise<void>;
	/** null: forgotten. */
	keepAiKey(person: Person, tenantId: string, secret: (Encrypted & { last_four: string }) | null): Promise<void>;
}

const Stands = z.object({ secrets: z.array(z.string()) }).nullable();

/** Connects, when first used, as the role `prosa_modules`, which can do these things and no other. */
export function connect(url: string): ModulesDatabase {
	const sql = postgres(url, {
		max: 2,
		idle_timeout: 60,
		connection: { role: 'prosa_modules', application_name: 'prosa modules', statement_timeout: 10_000 },
		connect_timeout: 5,
		fetch_types: false,
		onnotice: () => {}
	});
	// As text: postgres.js would write a jsonb parameter as JSON once more.
	const json = (value: unknown) => JSON.stringify(value);

	return {
		async stands(person, tenantId, moduleId) {
			const [row] = await sql<[{ stands: unknown }]>`
				select private.module_to_save(${json(person)}::text::jsonb, ${tenantId}::uuid, ${moduleId}::uuid) as stands`;
			// Without the type table, jsonb may come as text.
			return Stands.parse(typeof row.stands === 'string' ? JSON.parse(row.stands) : row.stands);
		},
		async save(person, tenantId, module, secrets) {
			const encrypted = secrets.map((secret) => ({
				...secret,
				nonce: hexOf(secret.nonce),
				ciphertext: hexOf(secret.ciphertext)
			}));
			await sql`
				select from private.save_module(
					${json(person)}::text::jsonb, ${tenantId}::uuid, ${json(module)}::text::jsonb, ${json(encrypted)}::text::jsonb
				)`;
		},
		async keepAiKey(person, tenantId, secret) {
			const encrypted = secret && {
				...secret,
				nonce: hexOf(secret.nonce),
				ciphertext: hexOf(secret.ciphertext)
			};
			await sql`select from private.keep_ai_key(${json(person)}::text::jsonb, ${tenantId}::uuid, ${json(encrypted)}::text::jsonb)`;
		}
	};
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
