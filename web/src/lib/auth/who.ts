import { setTimeout as pause } from 'node:timers/promises';
import { personFrom, type Person } from './person.ts';
import type { Client } from './server.ts';

/** Auth is asked again after so many milliseconds; then it counts as away. */
const againMs = [100, 400];

/**
 * Who asks: refreshes an expired token and has Auth verify what the cookie holds; a cookie alone proves nothing. Null for
 * a visitor, `away` when Auth could not say: nobody is signed out by a moment in which it doesn't answer.
 */
export async function whoAsks({ auth }: Client): Promise<Person | null | 'away'> {
	for (const wait of [...againMs, null]) {
		const { data, error } = await auth.getClaims();
		if (data) return personFrom(data.claims);
		if (!error || isRefusal(error.status)) return null;
		if (wait !== null) await pause(wait);
	}
	return 'away';
}

/** Whether Auth said no, rather than nothing: a limit reached (429) says nothing of the person either. */
const isRefusal = (status: number | undefined) =>
	status !== undefined && status >= 400 && status < 500 && status !== 429;
