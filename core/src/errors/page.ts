import { CATALOGUE } from './catalogue.ts';

/** docs/ERRORS.md: every code with its status and sentences, in the catalogue's order. */
export function renderErrorsPage(): string {
	const rows = Object.entries(CATALOGUE).map(
		([code, entry]) => `| \`${code}\` | ${entry.status} | ${entry['pt-BR']} | ${entry.en} |`
	);
	return `# Errors

What the API answers when it refuses. The code is \`message\` in PostgREST's error body; \`code\` is \`PT\` and the HTTP
status. The sentences are what the web shows. Made from \`core/src/errors/catalogue.ts\` by its test
(\`npx vitest run core/src/errors -u\`).

| code | status | pt-BR | en |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
