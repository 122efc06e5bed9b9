import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Unreadable, wordsOfHtml, wordsOfPdf } from '../ai/files.ts';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { withFolder } from '../media/folder.ts';
import { TooLarge } from '../media/receive.ts';
import type { MediaStorage } from '../media/storage.ts';
import { task } from '../task.ts';

const File = z.object({ format: z.enum(['html', 'pdf']), path: z.string(), revision: z.number().int() });

const LARGEST = 25 * 1024 * 1024;

/**
 * Reads the words out of a document's file, and has them cut into pieces. Runs again safely: they are read from the start
 * and kept for one revision. What no reading can help is told with the document.
 */
export const aiReadFile = ({ db, storage }: { db: Database; storage: MediaStorage }) =>
	task(z.object({ document_id: z.guid() }), async ({ document_id }, { abortSignal }) => {
		const [row] = await answered(db<{ file: unknown }[]>`select private.ai_file_to_read(${document_id}) as file`);
		if (!row?.file) return;
		const { format, path: stored, revision } = File.parse(row.file);
		const keep = async (reading: object) => {
			await answered(
				db`select private.keep_ai_reading(${document_id}, ${revision}, ${JSON.stringify(reading)}::text::jsonb)`
			);
		};
		try {
			const bytes = await withFolder(async (folder) => {
				const file = path.join(folder, 'document');
				const got = await storage.get(stored, file, LARGEST, abortSignal);
				return got && readFile(file);
			});
			if (!bytes) throw new Unreadable('ai_file_unreadable');
			const body =
				format === 'pdf'
					? await wordsOfPdf(
							new Uint8Array(bytes),
							'Página',
							(progress) => keep({ progress, error: null }),
							abortSignal
						)
					: wordsOfHtml(bytes.toString('utf8'));
			await keep({ progress: 95, error: null, body });
		} catch (error) {
			if (error instanceof Unreadable) await keep({ error: error.code });
			else if (error instanceof TooLarge) await keep({ error: 'ai_file_unreadable' });
			else throw error;
		}
	});
