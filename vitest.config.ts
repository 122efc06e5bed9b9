import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Projects by what they need: `unit` nothing, `embedded` and `database` a Postgres of their own, `faults` whole stacks. */
export default defineConfig({
	test: {
		projects: [
			{
				// Classes with runes are logic too.
				plugins: [svelte({ configFile: false })],
				test: {
					name: 'unit',
					// Their components are compiled as ours are: commands carry icons.
					server: { deps: { inline: ['@lucide/svelte', 'svelte-sonner'] } },
					include: [
						'core/**/*.test.ts',
						'workers/**/*.unit.test.ts',
						'web/src/**/*.test.ts',
						'stack/**/*.test.ts',
						'simulators/**/*.test.ts'
					],
					// Nothing here is about time, and a busy machine is no failure.
					testTimeout: 30_000,
					hookTimeout: 60_000
				}
			},
			{
				test: {
					name: 'embedded',
					include: ['supabase/embedded/**/*.test.ts'],
					testTimeout: 30_000,
					hookTimeout: 120_000
				}
			},
			{
				test: {
					name: 'database',
					include: ['tests/database/**/*.test.ts', 'workers/**/*.db.test.ts', 'edge-functions/**/*.test.ts'],
					globalSetup: ['tests/database/server.ts'],
					testTimeout: 30_000,
					hookTimeout: 120_000
				}
			},
			{
				test: {
					name: 'faults',
					include: ['tests/faults/**/*.test.ts'],
					globalSetup: ['tests/database/server.ts'],
					// Each file has a stack of its own, and two of them would only wait for one another.
					fileParallelism: false,
					testTimeout: 90_000
				}
			}
		]
	}
});
