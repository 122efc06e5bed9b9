import { LARGEST_MEDIA } from '@prosa/core/media/media.ts';
import { MEDIA_KINDS } from '@prosa/core/whatsapp/content.ts';
import path from 'node:path';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { describeFile } from '../media/describe.ts';
import { withFolder } from '../media/folder.ts';
import { judge, UNKNOWN } from '../media/judge.ts';
import type { MediaStorage } from '../media/storage.ts';
import { GiveUp, task } from '../task.ts';

const Payload = z.object({ tenant_id: z.guid(), message_id: z.guid(), created_at: z.string() });
const Wanted = z.object({
	path: z.string(),
	kind: z.enum(MEDIA_KINDS).catch('document'),
	filename: z.string().nullable()
});

export interface MediaDescribeDeps {
	db: Database;
	storage: MediaStorage;
}

/**
 * Finds out of a file that an agent sent what a fetched one is known by: type, hash, size, thumbnail, waveform. Runs
 * again safely: what is described already is left alone, and its thumbnail has one place.
 */
export const mediaDescribe = ({ db, storage }: MediaDescribeDeps) =>
	task(Payload, async ({ tenant_id, message_id, created_at }, { abortSignal }) => {
		const [row] = await answered(db<{ wanted: unknown }[]>`
			select private.media_to_describe(${tenant_id}, ${message_id}, ${created_at}::text::timestamptz) as wanted`);
		if (!row?.wanted) return;
		const wanted = Wanted.parse(row.wanted);

		await withFolder(async (folder) => {
			const file = path.join(folder, 'file');
			const received = await storage.get(wanted.path, file, LARGEST_MEDIA, abortSignal);
			if (!received) throw new GiveUp(`there is no file at ${wanted.path}`);

			const verdict = await judge(file, { kind: wanted.kind, mime_type: null, filename: wanted.filename });
			const mime_type = verdict.type === 'kept' ? verdict.mime_type : UNKNOWN;
			const drawing = path.join(folder, 'thumbnail.webp');
			const { drawn, ...description } = await describeFile(file, mime_type, drawing);
			const thumbnail = drawn ? `${tenant_id}/${message_id}/thumbnail.webp` : null;
			if (thumbnail) await storage.put(thumbnail, drawing, 'image/webp');

			// Plain text and the like are what their sender says; the bytes only know better about the rest.
			const known = mime_type === UNKNOWN ? {} : { mime_type };
			const media = { ...received, ...known, ...description, thumbnail };
			await answered(db`
				select private.settle_media(
					${tenant_id}, ${message_id}, ${created_at}::text::timestamptz,
					${JSON.stringify({ result: 'stored', media })}::text::jsonb
				)`);
		});
	});
