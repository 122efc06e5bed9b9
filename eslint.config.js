import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
	{
		ignores: [
			'**/node_modules/',
			'.data/',
			'**/.svelte-kit/',
			'web/build/',
			'web/.builds/',
			'web/src/lib/paraglide/',
			'**/*.types.ts',
			'test-results/',
			'playwright-report/'
		]
	},
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{ languageOptions: { globals: { ...globals.node, ...globals.browser } } },
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser } }
	},
	{ files: ['edge-functions/**/*.ts'], languageOptions: { globals: { Deno: 'readonly' } } },
	{
		rules: {
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/consistent-type-imports': 'error',
			'no-undef': 'off'
		}
	}
);
