import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/snap/bin/chromium',
	'/opt/google/chrome/chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
];

/** What a browser without a screen, a sandbox or business of its own is started with. */
export const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--headless',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// A microphone that beeps and a camera that shows a test picture, allowed where a journey allows them.
	'--use-fake-device-for-media-stream',
	'--use-fake-ui-for-media-stream'
];

/** A Chromium or Chrome that is there: CHROMIUM_PATH, the usual places, Playwright's own. Null when there is none. */
export async function findChromium(): Promise<string | null> {
	const given = process.env.CHROMIUM_PATH;
	if (given) {
		if (!existsSync(given)) throw new Error(`CHROMIUM_PATH names ${given}, and there is no such file.`);
		return given;
	}
	const { chromium } = await import('@playwright/test');
	return [...USUAL_PLACES, chromium.executablePath()].find((place) => place && existsSync(place)) ?? null;
}

/**
 * A Chromium, installed where there is none: Playwright's build where its host can be reached, Debian's package as
 * root. Throws one sentence that says what to do where neither works.
 */
export async function ensureChromium(): Promise<string> {
	const found = await findChromium();
	if (found) return found;

	console.log('No Chromium or Chrome here; getting one.');
	const cli = path.join(
		path.dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
		'cli.js'
	);
	for (const [command, args] of [
		[process.execPath, [cli, 'install', 'chromium']],
		['apt-get', ['update']],
		['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']]
	] as const) {
		if (command === 'apt-get' && process.getuid?.() !== 0) break;
		try {
			execFileSync(command, args, { stdio: 'ignore', timeout: 600_000 });
		} catch {
			continue;
		}
		const installed = await findChromium();
		if (installed) return installed;
	}
	throw new Error('The journeys need a browser: install Chromium or Chrome, or name one in CHROMIUM_PATH.');
}
