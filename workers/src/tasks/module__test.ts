import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { KeptModule } from '../modules/open.ts';
import { testModule } from '../modules/test_module.ts';
import { GiveUp, task } from '../task.ts';

const Payload = z.object({ module_id: z.guid() });

export interface ModuleTestDeps {
	db: Database;
	keys: SecretKeys;
	/** Origins of our own that integrations may lead to: simulators. */
	flowOrigins: readonly string[];
}

/** Calls an integration's other side and writes down what came of it. Runs again safely: it only reads, and the newest word holds. */
export const moduleTest = ({ db, keys, flowOrigins }: ModuleTestDeps) =>
	task(Payload, async ({ module_id }) => {
		const [row] = await answered(db<{ module: unknown }[]>`select private.module_to_test(${module_id}) as module`);
		if (!row?.module) throw new GiveUp(`module ${module_id} is gone`);
		const kept = KeptModule.parse(row.module);
		const found = await testModule(keys, kept, flowOrigins);
		await answered(
			db`select private.settle_module_test(${module_id}, ${kept.revision}, ${JSON.stringify(found)}::text::jsonb)`
		);
	});
