import type { Environment } from '../environment.ts';
import type { GraphAddress } from './ask.ts';
import { createMediaStorage, type MediaStorage } from './storage.ts';

/** Where files come from and go to. */
export interface FileServices {
	storage: MediaStorage;
	graph: GraphAddress;
}

/** Null where the worker was given no Storage: it then neither fetches nor sends files. */
export function createFileServices(environment: Environment): FileServices | null {
	const { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey } = environment;
	if (!url || !serviceRoleKey) return null;
	const graph = { url: new URL(environment.GRAPH_API_URL), version: environment.GRAPH_API_VERSION };
	return { storage: createMediaStorage({ url, serviceRoleKey }), graph };
}
