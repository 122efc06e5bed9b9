import type { StackFacts } from './facts.ts';

/** What a person needs after a start: where things are and who can sign in. */
export function renderTable(facts: StackFacts): string {
	const addresses: [string, string][] = [
		['Inbox', facts.web_url],
		['Phone (WhatsApp simulator)', facts.whatsapp.graph_url],
		['Mailbox', facts.mail_url],
		['Supabase API', facts.api_url],
		['Postgres', facts.db_url],
		['WhatsApp webhook', facts.whatsapp.webhook_url],
		['Model simulator', facts.model.base_url]
	];
	const logins = facts.users.map(({ email, role, tenant }): [string, string] => [email, `${role} of ${tenant}`]);
	const password = facts.users[0]?.password ?? '';

	const rows = [...addresses, ...logins];
	const left = Math.max(...rows.map(([name]) => name.length));
	const right = Math.max(...rows.map(([, value]) => value.length));
	const line = (a: string, b: string, c: string) => `${a}${'─'.repeat(left + 2)}${b}${'─'.repeat(right + 2)}${c}`;
	const row = ([name, value]: [string, string]) => `│ ${name.padEnd(left)} │ ${value.padEnd(right)} │`;

	return [
		line('┌', '┬', '┐'),
		...addresses.map(row),
		line('├', '┼', '┤'),
		row(['Demo logins', `password: ${password}`]),
		line('├', '┼', '┤'),
		...logins.map(row),
		line('└', '┴', '┘')
	].join('\n');
}
