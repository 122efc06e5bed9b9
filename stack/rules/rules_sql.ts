import { shareRules } from './shared.ts';

const WIDTH = 120;

const HEADER = `/*
 * What WhatsApp takes: the rules of core/src/whatsapp/outgoing by kind of message, the same for forms and
 * database. Written by \`npm run db:rules\`, never by hand; a test holds the two to be the same. What stands in
 * several places stands here once, as "shared".
 */

create function private.content_rule(name text)
  returns jsonb
  language sql
  immutable
as $$
  select case $1
`;

const FOOTER = `
  end
$$;
`;

/** The rules as a function of the database, readable: what fits on a line stands on one. */
export function rulesSql(rules: Record<string, object>): string {
	const cases = [...shareRules(rules)].map(
		([name, rule]) => `    when '${name}' then $rule$\n${print(rule, '      ')}\n    $rule$::jsonb`
	);
	return HEADER + cases.join('\n') + FOOTER;
}

function print(value: unknown, indent: string, before = 0): string {
	const line = JSON.stringify(value);
	if (typeof value !== 'object' || value === null || indent.length + before + line.length <= WIDTH) {
		return before === 0 ? indent + line : line;
	}
	const deeper = `${indent}  `;
	const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
	const parts = Array.isArray(value)
		? value.map((item: unknown) => print(item, deeper))
		: Object.entries(value).map(([name, part]) => {
				const key = `${JSON.stringify(name)}: `;
				return `${deeper}${key}${print(part, deeper, key.length)}`;
			});
	return `${before === 0 ? indent : ''}${open}\n${parts.join(',\n')}\n${indent}${close}`;
}
