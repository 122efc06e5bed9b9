import { compile, paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import adapter from './adapter.ts';
import { chunksOfPlaces } from './chunks.ts';

const messages: Parameters<typeof paraglideVitePlugin>[0] = {
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
	cookieName: 'prosa_locale',
	emitPrettierIgnore: false,
	emitReadme: false
};

// `svelte-kit sync` reads this file without running the plugins, and svelte-check needs the messages.
await compile({ ...messages, cleanOutdir: false });

export default defineConfig({
	// Small fonts and images would become data: addresses, which the policy refuses.
	build: { assetsInlineLimit: 0 },
	environments: {
		client: { build: { rolldownOptions: { output: { codeSplitting: { groups: chunksOfPlaces() } } } } }
	},
	plugins: [
		paraglideVitePlugin(messages),
		tailwindcss(),
		sveltekit({
			adapter: adapter(),
			compilerOptions: { runes: true },
			csp: {
				mode: 'auto',
				directives: {
					'default-src': ['self'],
					// hooks.server.ts adds SUPABASE_URL, http and ws, which is only known when the server runs.
					'connect-src': ['self'],
					'img-src': ['self', 'data:', 'blob:'],
					'media-src': ['self', 'blob:'],
					'font-src': ['self'],
					'script-src': ['self'],
					'style-src': ['self'],
					// Virtual lists place their rows with style attributes, also in server-rendered HTML.
					'style-src-attr': ['unsafe-inline'],
					'object-src': ['none'],
					'base-uri': ['none'],
					'form-action': ['self'],
					'frame-ancestors': ['none']
				}
			}
		})
	]
});
