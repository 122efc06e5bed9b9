import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export const sqlDir = path.join(root, 'sql');
export const migrationsDir = path.join(root, 'supabase/migrations');

/** Where one installation keeps its state. Tests and a second installation move it with DATA_DIR. */
export interface Paths {
	dir: string;
	supabase: string;
	/** Chats of the WhatsApp simulator. */
	whatsapp: string;
	logs: string;
	secrets: string;
	facts: string;
	pid: string;
	/** A build of the web application for each state of its sources, so that a new one doesn't break what runs. */
	webBuilds: string;
}

export function dataPaths(env: NodeJS.ProcessEnv): Paths {
	const dir = path.resolve(root, env.DATA_DIR?.trim() || '.data');
	return {
		dir,
		supabase: path.join(dir, 'supabase'),
		whatsapp: path.join(dir, 'whatsapp'),
		logs: path.join(dir, 'logs'),
		secrets: path.join(dir, 'secrets.json'),
		facts: path.join(dir, 'stack.json'),
		pid: path.join(dir, 'stack.pid'),
		webBuilds: path.join(root, 'web/.builds')
	};
}
