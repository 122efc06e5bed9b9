import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { sweepFolders } from '../media/folder.ts';
import type { MediaStorage } from '../media/storage.ts';
import { task } from '../task.ts';

const Page = z.object({ paths: z.array(z.string()), next: z.string().nullable() });

/**
 * Throws away files that no message has after a day (attached and never sent, or of a message that was erased), and
 * forgets uploads that Meta has forgotten. Runs again safely: it looks anew.
 */
export const mediaPurge = ({ db, storage }: { db: Database; storage: Pick<MediaStorage, 'remove'> }) =>
	task(z.unknown(), async (_payload, { abortSignal, logger }) => {
		await sweepFolders();
		let gone = 0;
		for (let after: string | null = ''; after !== null;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ page: unknown }[]>`select private.media_orphans(${after}) as page`);
			const page: z.infer<typeof Page> = Page.parse(row?.page);
			if (page.paths.length > 0) await storage.remove(page.paths);
			gone += page.paths.length;
			after = page.next;
		}
		if (gone > 0) logger.info(`removed ${gone} files that no message has`);

		for (let forgotten = 1; forgotten > 0;) {
			const [row] = await answered(db<{ forgotten: number }[]>`select private.purge_media_uploads() as forgotten`);
			forgotten = row?.forgotten ?? 0;
		}
	});
