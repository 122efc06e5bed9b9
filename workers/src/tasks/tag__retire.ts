import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const Payload = z.object({ tenant_id: z.guid(), tag_id: z.guid(), into_id: z.guid().nullable().default(null) });

/**
 * Takes a deleted tag off everything that carries it, a portion a transaction. Runs again safely: what was done is done,
 * and it goes on with the rest.
 */
export const tagRetire = ({ db }: { db: Database }) =>
	task(Payload, async ({ tenant_id, tag_id, into_id }) => {
		for (;;) {
			const [row] = await answered(
				db<{ count: number }[]>`select private.retire_tag(${tenant_id}, ${tag_id}, ${into_id}) as count`
			);
			if (!row?.count) return;
		}
	});
