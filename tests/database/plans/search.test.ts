import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { planOf } from './plan.ts';
import { loadVolume } from './volume.ts';

const database = useDatabase();
beforeAll(async () => {
	await loadVolume(database);
	await database.owner`
		insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
		select c.tenant_id, c.id, 'phone', c.phone, c.phone from public.contacts c where c.phone is not null
		on conflict do nothing`;
	await database.owner`vacuum (analyze) public.messages, public.contacts, public.contact_identities`;
}, 300_000);

/** Pages that one search looks at: a number that a scan of 100,000 contacts or 300,000 messages would be far beyond. */
const pagesOf = async (person: Person, query: string) =>
	(await planOf(database, person, `select public.search_inbox('${uuid('padaria')}', '${query}')`)).pages;

test.each<[string, string, number]>([
	['a number that few messages have', '"mensagem 4321"', 12_000],
	['a part of a phone number', '00054321', 12_000],
	['what nobody has said', 'inexistente', 12_000],
	['a name that one person has', 'cliente 54321', 12_000]
])('among 300,000 messages %s is found without reading them', async (_, query, pages) => {
	expect(await pagesOf('sofia', query)).toBeLessThanOrEqual(pages);
	expect(await pagesOf('caio', query)).toBeLessThanOrEqual(pages);
});

test('a word that every message has is found in the last hours, not in the month', async () => {
	expect(await pagesOf('sofia', 'mensagem')).toBeLessThanOrEqual(2_500);
	expect(await pagesOf('caio', 'mensagem')).toBeLessThanOrEqual(4_500);
});

test('a search that reads every message’s words is noticed by this measure', async () => {
	const { pages } = await planOf(
		database,
		'sofia',
		`select count(*) from public.messages where tenant_id = '${uuid('padaria')}' and body like '%4321%'`
	);
	expect(pages).toBeGreaterThan(12_000);
});
