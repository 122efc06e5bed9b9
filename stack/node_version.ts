import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.ts';
import { Refusal } from './ports.ts';

const NEEDED = 24;

/**
 * npm scripts run the Node that `npm ci` installed. Whoever calls a file of this folder by hand with an older one is
 * taken to that one; without it, a Refusal says how to get it.
 */
export function useProjectNode(): void {
	if (Number(process.versions.node.split('.')[0]) >= NEEDED) return;

	const own = path.join(root, 'node_modules/.bin/node');
	if (!fs.existsSync(own) || process.env.PROSA_NODE === own) {
		throw new Refusal(`Node ${NEEDED} is needed and this is ${process.version}; run "npm ci" and then "npm start".`);
	}
	const env = { ...process.env, PROSA_NODE: own };
	const { status } = spawnSync(own, process.argv.slice(1), { stdio: 'inherit', env });
	process.exit(status ?? 1);
}
