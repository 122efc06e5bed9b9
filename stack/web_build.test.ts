import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetOld, hashSources } from './web_build.ts';

let base: string;

beforeEach(() => {
	base = fs.mkdtempSync(path.join(os.tmpdir(), 'prosa-build-'));
	write('web/src/app.ts', 'one');
});
afterEach(() => fs.rmSync(base, { recursive: true }));

function write(file: string, text: string): void {
	fs.mkdirSync(path.dirname(path.join(base, file)), { recursive: true });
	fs.writeFileSync(path.join(base, file), text);
}

const hash = () => hashSources(base, ['web', 'package-lock.json']);

test.each([
	['a changed line', () => write('web/src/app.ts', 'two')],
	['a new file', () => write('web/src/new.ts', '')],
	['a renamed file', () => fs.renameSync(path.join(base, 'web/src/app.ts'), path.join(base, 'web/src/main.ts'))],
	['another set of packages', () => write('package-lock.json', '{}')]
])('%s makes the build stale', (_what, change) => {
	const before = hash();
	change();
	expect(hash()).not.toBe(before);
});

test.each([
	'web/build/index.js',
	'web/.svelte-kit/types.d.ts',
	'web/node_modules/x/index.js',
	'web/src/app.test.ts',
	'web/project.inlang/.meta.json',
	'web/project.inlang/README.md'
])('%s says nothing about the build', (file) => {
	const before = hash();
	write(file, 'made');
	expect(hash()).toBe(before);
});

test('the newest builds stay for the stacks that serve them; older and broken ones go', () => {
	['a', 'b', 'c', 'd', 'e', 'f.unfinished'].forEach((name, age) => {
		fs.mkdirSync(path.join(base, 'builds', name), { recursive: true });
		fs.utimesSync(path.join(base, 'builds', name), 1_000 + age, 1_000 + age);
	});
	forgetOld(path.join(base, 'builds'), path.join(base, 'builds/e'));
	expect(fs.readdirSync(path.join(base, 'builds'))).toEqual(['b', 'c', 'd', 'e']);
});
