import { REFUSED } from '@prosa/core/whatsapp/outgoing/cases/refused.ts';
import { SENDABLE } from '@prosa/core/whatsapp/outgoing/cases/sendable.ts';
import { checkContent, RULES } from '@prosa/core/whatsapp/outgoing/content.ts';
import { isOneEmoji } from '@prosa/core/whatsapp/outgoing/emoji.ts';
import fc from 'fast-check';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { rulesSql } from '../../../stack/rules/rules_sql.ts';
import { useDatabase } from '../database.ts';
import { mutated } from './mutated.ts';

const database = useDatabase();

/** What the database says of each message: the fault's code, or null. */
async function faultsInDatabase(contents: unknown[]): Promise<(string | null)[]> {
	const texts = contents.map((content) => JSON.stringify(content));
	const rows = await database.owner<{ fault: string | null }[]>`
		select case
			when private.content_rule(c.content ->> 'kind') -> 'names' ? 'kind' then private.fault_of(private.content_rule(c.content ->> 'kind'), c.content)
			else 'kind_unknown'
		end as fault
		from unnest(${texts}::text[]) with ordinality as given (text, place)
		cross join lateral (select given.text::jsonb as content) c
		order by given.place`;
	return rows.map(({ fault }) => fault);
}

test('the database has the rules of the forms, word for word', () => {
	const file = new URL('../../../sql/45_outgoing_rules.sql', import.meta.url);
	expect(fs.readFileSync(file, 'utf8')).toBe(rulesSql(RULES));
});

test('what may be sent may be sent by the database too', async () => {
	const faults = await faultsInDatabase(Object.values(SENDABLE));
	expect(Object.keys(SENDABLE).map((name, n) => [name, faults[n]])).toEqual(
		Object.keys(SENDABLE).map((name) => [name, null])
	);
});

test('what is refused is refused by the database for the same reason', async () => {
	const faults = await faultsInDatabase(REFUSED.map(({ content }) => content));
	expect(REFUSED.map(({ name }, n) => [name, faults[n]])).toEqual(REFUSED.map(({ name, fault }) => [name, fault]));
});

test('whatever is made of a message, forms and database come to the same answer', async () => {
	const samples = Object.values(SENDABLE);
	await fc.assert(
		fc.asyncProperty(fc.array(mutated(samples), { minLength: 200, maxLength: 200 }), async (contents) => {
			const here = contents.map((content) => checkContent(content)?.code ?? null);
			const there = await faultsInDatabase(contents);
			const differing = contents.flatMap((content, n) =>
				here[n] === there[n]
					? []
					: [{ forms: here[n], database: there[n], content: JSON.stringify(content).slice(0, 600) }]
			);
			expect(differing).toEqual([]);
			// A property that refuses everything, or nothing, would prove little.
			expect(here.filter((fault) => fault === null).length).toBeGreaterThan(5);
			expect(new Set(here).size).toBeGreaterThan(5);
		}),
		// Shrinking two hundred messages at once would take longer than reading the one that is shown.
		{ numRuns: 20, endOnFailure: true }
	);
}, 120_000);

test('an emoji is an emoji to both', async () => {
	const signs: string[] = ['👩‍❤️‍💋‍👨', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '5️⃣', '🇧🇷', '👍🏿', '👍👍', 'a', '🇧', '5', '❤️‍🔥', '🥖 '];
	for (let code = 0x20; code < 0x1ff00; code++) {
		if (code < 0xd800 || code > 0xdfff) signs.push(String.fromCodePoint(code));
	}
	const rows = await database.owner<{ sign: string }[]>`
		select sign from unnest(${signs}::text[]) sign where private.is_one_emoji(sign)`;
	expect(new Set(rows.map(({ sign }) => sign))).toEqual(new Set(signs.filter(isOneEmoji)));
});
