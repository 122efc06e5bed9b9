import { loadPrices } from './prices/load_prices.ts';
import { BadPriceFile } from './prices/price_list.ts';

/** `npm run prices`: brings the price lists of core/prices into the database of SUPABASE_DB_URL (a role that owns it). */
async function main(): Promise<void> {
	const dbUrl = process.env.SUPABASE_DB_URL;
	if (!dbUrl) throw new BadPriceFile('Say in SUPABASE_DB_URL which database the prices go to.');
	const { lists, repriced } = await loadPrices(dbUrl);
	console.log(`${lists} price lists are there; ${repriced} messages have another price because of them.`);
}

main().catch((error) => {
	console.error(error instanceof BadPriceFile ? error.message : error);
	process.exit(1);
});
