import fs from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { root } from '../paths.ts';
import { readCallingCodes, readPriceList, type PriceList } from './price_list.ts';

export const pricesDir = path.join(root, 'core/prices');

/** How many price lists there are, and how many rows of the ledger have another price because of them. */
export interface Loaded {
	lists: number;
	repriced: number;
}

/**
 * Brings the price lists of the repository into a database: new ones are added, changed ones replaced, and what was
 * charged under either is priced anew. Run twice it changes nothing. All files are read before the first is written.
 */
export async function loadPrices(dbUrl: string, dir = pricesDir): Promise<Loaded> {
	const providers = fs
		.readdirSync(dir, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name);
	const codes = providers.flatMap((provider) => {
		const file = path.join(dir, provider, 'calling_codes.csv');
		return fs.existsSync(file) ? readCallingCodes(file, fs.readFileSync(file, 'utf8')) : [];
	});
	const lists = providers.flatMap((provider) =>
		fs
			.readdirSync(path.join(dir, provider))
			.filter((name) => name.endsWith('.csv') && name !== 'calling_codes.csv')
			.sort()
			.map((name) => path.join(dir, provider, name))
			.map((file) => readPriceList(file, fs.readFileSync(file, 'utf8')))
	);

	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		return await sql.begin(async (sql) => {
			await sql`select pg_advisory_xact_lock(hashtextextended('prices', 0))`;
			await sql`
				insert into private.calling_codes as c (prefix, country, region)
				select prefix, country, region
				from jsonb_to_recordset(${JSON.stringify(codes)}::text::jsonb) x (prefix text, country text, region text)
				on conflict (prefix) do update
				set country = excluded.country, region = excluded.region
				where (c.country, c.region) is distinct from (excluded.country, excluded.region)`;
			const changed: string[] = [];
			for (const list of lists) if (await writeList(sql, list)) changed.push(list.effective_from);
			const since = changed.sort()[0];
			if (since === undefined) return { lists: lists.length, repriced: 0 };
			const [row] = await sql<{ repriced: number }[]>`select private.reprice(null, ${since}) as repriced`;
			return { lists: lists.length, repriced: row?.repriced ?? 0 };
		});
	} finally {
		await sql.end();
	}
}

/** Writes one list with its prices. Says whether anything about it is new. */
async function writeList(sql: postgres.TransactionSql, list: PriceList): Promise<boolean> {
	const [kept] = await sql<{ id: string; fresh: boolean }[]>`
		insert into private.price_lists as l (
			provider, currency, effective_from, source, free_service_messages, utility_free_in_window
		)
		values (
			${list.provider}, ${list.currency}, ${list.effective_from}, ${list.source},
			${list.free_service_messages}, ${list.utility_free_in_window}
		)
		on conflict (provider, currency, effective_from) do update
		set
			source = excluded.source,
			free_service_messages = excluded.free_service_messages,
			utility_free_in_window = excluded.utility_free_in_window
		returning l.id, xmax = 0 as fresh`;
	if (!kept) throw new Error('a price list that was just written is gone');
	const prices = JSON.stringify(list.prices);
	const rows = sql`
		jsonb_to_recordset(${prices}::text::jsonb) x (market text, category text, tier_from bigint, amount numeric, source text)`;
	const gone = await sql`
		delete from private.prices p
		where p.price_list_id = ${kept.id}
			and not exists (
				select from ${rows}
				where x.market = p.market and x.category = p.category and x.tier_from = p.tier_from
			)`;
	const written = await sql`
		insert into private.prices as p (price_list_id, market, category, tier_from, amount, source)
		select ${kept.id}::uuid, x.market, x.category, x.tier_from, x.amount, x.source
		from ${rows}
		on conflict (price_list_id, market, category, tier_from) do update
		set amount = excluded.amount, source = excluded.source
		where (p.amount, p.source) is distinct from (excluded.amount, excluded.source)`;
	return kept.fresh || gone.count + written.count > 0;
}
