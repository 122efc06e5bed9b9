import postgres from 'postgres';
import { compareDatabases } from './compare.ts';
import { withScratch } from './scratch.ts';

/** Builds one database from `sql/` and one from `supabase/migrations`, and says what differs: nothing should. */
export function compareMigrations(): Promise<string[]> {
	return withScratch(async (scratch) => {
		const migrated = await scratch.fromMigrations();
		const wanted = await scratch.fromSql();
		await forgetHistory(migrated);
		return compareDatabases(migrated, wanted);
	});
}

/** The CLI's own record of what it applied is no part of the schema. */
async function forgetHistory(url: string): Promise<void> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	await sql`drop schema if exists supabase_migrations cascade`;
	await sql.end();
}

if (import.meta.main) {
	const differences = await compareMigrations();
	if (differences.length > 0) {
		console.error(`sql/ and supabase/migrations differ; "npm run db:migration <name>" writes what is missing.`);
		for (const line of differences) console.error(`  ${line}`);
		process.exit(1);
	}
	console.log('sql/ and supabase/migrations make the same database.');
}
