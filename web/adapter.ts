import { copyFileSync } from 'node:fs';
import path from 'node:path';
import type { Adapter } from '@sveltejs/kit';
import node from '@sveltejs/adapter-node';

/**
 * adapter-node with our own entry. Version 6 takes the origin from the build or from proxy headers and otherwise
 * assumes https, so a plain `http://localhost:3000` fails its own CSRF check; `server.js` says which origin it is. `BUILD_DIR`
 * moves the build from `build/`.
 */
export default function adapter(): Adapter {
	const out = process.env.BUILD_DIR ?? 'build';
	const inner = node({ out });
	return {
		...inner,
		async adapt(builder) {
			await inner.adapt(builder);
			copyFileSync('server.js', path.join(out, 'index.js'));
		}
	};
}
