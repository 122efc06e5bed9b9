import { freePort } from '@prosa/supabase-embedded/postgres/index.ts';
import { startGateway } from '@prosa/supabase-embedded/gateway/gateway.ts';
import { createJwt } from '@prosa/supabase-embedded/jwt.ts';
import { loadKeys } from '@prosa/supabase-embedded/keys.ts';
import { createStorage } from '@prosa/supabase-embedded/storage/storage.ts';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TestStorage {
	url: string;
	serviceRoleKey: string;
	/** A file as it lies at a path; null when there is none. */
	read(path: string): Promise<{ bytes: Buffer; type: string | null } | null>;
	put(path: string, bytes: Uint8Array, type: string): Promise<void>;
	/** Answers 503 to everything while it is set. */
	down: boolean;
	close(): Promise<void>;
}

/** Storage itself, over a test's own database. */
export async function startTestStorage(databaseUrl: string): Promise<TestStorage> {
	const folder = await mkdtemp(path.join(tmpdir(), 'prosa-test-storage-'));
	const secret = randomBytes(32).toString('hex');
	const jwt = createJwt(secret);
	const keys = await loadKeys(folder, secret);
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const service = await createStorage({ url: databaseUrl, jwt, filesDir: path.join(folder, 'files'), apiUrl: url });
	const gateway = await startGateway({
		port,
		jwt,
		keys,
		services: {
			storage: {
				close: () => service.close(),
				async handle(request, response, context) {
					if (!test.down) return service.handle(request, response, context);
					request.resume();
					response.writeHead(503).end('{"message": "down"}');
				}
			}
		}
	});
	const at = (name: string) => `${url}/storage/v1/object/media/${name}`;
	const headers = { apikey: keys.serviceRoleKey, authorization: `Bearer ${keys.serviceRoleKey}` };
	const test: TestStorage = {
		url,
		serviceRoleKey: keys.serviceRoleKey,
		down: false,
		async read(name) {
			const response = await fetch(at(name), { headers });
			const bytes = Buffer.from(await response.arrayBuffer());
			return response.ok ? { bytes, type: response.headers.get('content-type') } : null;
		},
		async put(name, bytes, type) {
			const body = new Uint8Array(bytes);
			const response = await fetch(at(name), { method: 'POST', headers: { ...headers, 'content-type': type }, body });
			if (!response.ok) throw new Error(await response.text());
		},
		async close() {
			await gateway.close();
			await service.close();
			await rm(folder, { recursive: true, force: true });
		}
	};
	return test;
}
