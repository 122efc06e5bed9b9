import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** As many as `private.tell_promises` tells in one transaction: their conversations are locked meanwhile. */
const PORTION = 50;

/**
 * Tells whoever owes an answer of promises that fall due (crontab, and to the second by the job that it leaves behind).
 * Runs again safely: each promise is told of once.
 */
export const promisesTell = ({ db }: { db: Database }) =>
	task(z.unknown(), async () => {
		// First: what is told below is not to be taken for the promise before.
		await answered(db`select private.settle_promises()`);
		let told = PORTION;
		while (told === PORTION) {
			const [row] = await answered(db<{ told: number }[]>`select private.tell_promises() as told`);
			told = row?.told ?? 0;
		}
	});
