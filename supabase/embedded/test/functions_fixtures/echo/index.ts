import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DenoApi } from '../deno.ts';
declare const Deno: DenoApi;

const version = z.string().catch('none');

function attempt(deed: () => unknown): string {
	try {
		deed();
		return 'done';
	} catch (error) {
		return error instanceof Error ? error.name : String(error);
	}
}

Deno.serve(async (request) => {
	const body = new Uint8Array(await request.arrayBuffer());
	const headers = new Headers({ 'content-type': 'application/json' });
	headers.append('set-cookie', 'a=1');
	headers.append('set-cookie', 'b=2');
	return new Response(
		JSON.stringify({
			method: request.method,
			url: request.url,
			headers: Object.fromEntries(request.headers),
			length: body.length,
			sha256: createHash('sha256').update(body).digest('hex'),
			greeting: version.parse(Deno.env.get('GREETING')),
			secret: Deno.env.get('SECRET_OF_THE_PARENT') ?? null,
			write: attempt(() => Deno.writeTextFileSync('written-by-a-function', '')),
			run: attempt(() => new Deno.Command('true').outputSync()),
			readPasswd: attempt(() => Deno.readTextFileSync('/etc/passwd')),
			readHidden: attempt(() => Deno.readTextFileSync('supabase/config.toml')),
			pid: Deno.pid
		}),
		{ status: 201, headers }
	);
});
