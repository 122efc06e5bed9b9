import { copyFileSync } from 'node:fs';
import type { Adapter } from '@sveltejs/kit';
import node from '@sveltejs/adapter-node';

/**
 * adapter-node with our own entry. Version 6 takes the origin from the build or from proxy headers and otherwise
 * assumes https, so a plain `http://localhost:3000` fails its own CSRF check; `server.js` says which origin it is.
 */
export default function adapter(): Adapter {
	const inner = node();
	return {
		...inner,
		async adapt(builder) {
			await inner.adapt(builder);
			copyFileSync('server.js', 'build/index.js');
		}
	};
}
