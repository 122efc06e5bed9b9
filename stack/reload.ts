import fs from 'node:fs';
import path from 'node:path';
import type { Child } from './child.ts';
import { root } from './paths.ts';

/** Editors write a file in several steps; wait until they are done. */
const QUIET_MS = 150;

interface Children {
	worker: Child;
	simulator: Child;
	model: Child;
	sgp: Child;
}

/** Development: new code of the worker and the simulators takes effect at once. The web and the functions reload themselves. */
export function watchSources({ worker, simulator, model, sgp }: Children, say: (sentence: string) => void): void {
	const restart = (child: Child) => () => {
		say(`The ${child.name}'s code has changed; starting it again.`);
		child.restart();
	};
	watch(['workers/src', 'core/src'], restart(worker));
	watch(['simulators/whatsapp', 'simulators/http', 'core/src'], restart(simulator));
	watch(['simulators/model', 'simulators/http', 'core/src/text'], restart(model));
	watch(['simulators/sgp', 'simulators/http'], restart(sgp));
	watch(['sql'], () =>
		say(
			'sql/ has changed: "npm run db:migration <name>" writes the migration; the next start applies it ("npm run reset" begins anew).'
		)
	);
}

function watch(folders: string[], then: () => void): void {
	let timer: NodeJS.Timeout | undefined;
	for (const folder of folders.map((name) => path.join(root, name)).filter((name) => fs.existsSync(name))) {
		fs.watch(folder, { recursive: true }, (_event, file) => {
			if (!file || !/\.(ts|sql|html|css|js)$/.test(file) || file.endsWith('.test.ts')) return;
			clearTimeout(timer);
			timer = setTimeout(then, QUIET_MS);
		});
	}
}
