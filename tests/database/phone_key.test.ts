import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phoneKey } from '../../core/src/whatsapp/phone.ts';
import { useDatabase } from './database.ts';

const database = useDatabase();

async function keysOf(numbers: string[]): Promise<(string | null)[]> {
	const rows = await database.owner<{ key: string | null }[]>`
		select private.phone_key(n) as key from unnest(${numbers}::text[]) with ordinality t (n, place) order by place`;
	return rows.map(({ key }) => key);
}

test('the database folds a number as core does, in every country and spelling', async () => {
	const spelled = fc.oneof(
		fc.stringMatching(/^\+?(55|52|521|54|549|1|351|00)[ (]?\d{2,3}[) -]?\d{4,5}-?\d{3,4}$/),
		fc.stringMatching(/^\d{0,22}$/),
		fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0'))
	);
	await fc.assert(
		fc.asyncProperty(fc.array(spelled, { minLength: 1, maxLength: 60 }), async (numbers) => {
			expect(await keysOf(numbers)).toEqual(numbers.map(phoneKey));
		}),
		{ numRuns: 40 }
	);
});

test('landlines of every Brazilian area keep their eight digits, and mobiles have nine', async () => {
	const areas = Array.from({ length: 89 }, (_, n) => String(n + 11));
	const landlines = areas.flatMap((area) => ['2', '3', '4', '5'].map((first) => `55${area}${first}2345678`));
	expect(await keysOf(landlines)).toEqual(landlines);
	const mobiles = areas.flatMap((area) => ['6', '7', '8', '9'].map((first) => `55${area}${first}1234567`));
	expect(await keysOf(mobiles)).toEqual(mobiles.map((number) => `${number.slice(0, 4)}9${number.slice(4)}`));
	expect(mobiles.map(phoneKey)).toEqual(await keysOf(mobiles));
});
