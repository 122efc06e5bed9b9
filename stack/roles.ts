import postgres from 'postgres';
import type { Secrets } from './secrets.ts';

/** Gives the roles that the migrations made their passwords, as whoever runs a real project does by hand. */
export async function setPasswords(dbUrl: string, secrets: Secrets): Promise<void> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		for (const [role, password] of [
			['prosa_worker', secrets.worker_password],
			['prosa_door', secrets.door_password],
			['prosa_channels', secrets.channels_password],
			['prosa_modules', secrets.modules_password],
			['prosa_ai', secrets.ai_password]
		] as const) {
			await sql`select set_config('stack.password', ${password}, false)`;
			await sql.unsafe(`do $$ begin
				execute format('alter role ${role} login password %L', current_setting('stack.password'));
			end $$`);
		}
	} finally {
		await sql.end();
	}
}
