import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS } from '../chromium.ts';

/** Whole journeys through a stack of the test's own, one after another: they share its people and conversations. */
export default defineConfig({
	testDir: '.',
	outputDir: '../../test-results',
	globalSetup: './stack.ts',
	workers: 1,
	// A machine can stall. What passes only at the second try is told by name, and counted apart.
	retries: 1,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	reporter: [['list'], ['json', { outputFile: process.env.REPORT ?? '../../test-results/journeys.json' }]],
	use: {
		browserName: 'chromium',
		viewport: { width: 1440, height: 900 },
		locale: 'pt-BR',
		timezoneId: 'America/Sao_Paulo',
		trace: 'retain-on-failure',
		launchOptions: {
			args: CHROMIUM_FLAGS,
			...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH })
		}
	}
});
