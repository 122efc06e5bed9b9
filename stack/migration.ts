import { plan, renderPlanFiles } from '@supabase/pg-delta';
import fs from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { listMigrations } from './migrate.ts';
import { useProjectNode } from './node_version.ts';
import { migrationsDir, root } from './paths.ts';
import { Refusal } from './ports.ts';
import { readCatalogue } from './schema/compare.ts';
import { withScratch } from './schema/scratch.ts';
import { concatenate, readSqlFiles } from './schema/sql_files.ts';

/** Until a first version is in use somewhere: forgets all migrations and begins with one that is `sql/` itself. */
const REWRITE = '--rewrite';

/** Writes the next migration: what `sql/` has and the migrations don't. The first one is `sql/` itself. */
async function main(): Promise<void> {
	useProjectNode();
	const rewrite = process.argv.includes(REWRITE);
	const name = process.argv.slice(2).find((argument) => argument !== REWRITE);
	if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
		throw new Refusal('Give the migration a name in small letters: npm run db:migration add_tags');
	}

	const first = rewrite || listMigrations().length === 0;
	const text = first ? concatenate(readSqlFiles()) : await difference();
	if (text.trim() === '') {
		console.log('supabase/migrations already makes what sql/ says; nothing was written.');
		return;
	}
	fs.mkdirSync(migrationsDir, { recursive: true });
	if (rewrite) for (const old of listMigrations()) fs.rmSync(path.join(migrationsDir, old));
	const file = path.join(migrationsDir, `${timestamp(new Date())}_${name}.sql`);
	fs.writeFileSync(file, text);
	console.log(`Wrote ${path.relative(root, file)}. Read it, then apply it with "npm start".`);
	if (!first) console.log('Rows that sql/ inserts are not part of it: add them by hand where they changed.');
}

function difference(): Promise<string> {
	return withScratch(async (scratch) => {
		const migrated = await scratch.fromMigrations();
		const wanted = await scratch.fromSql();
		const sql = postgres(migrated, { max: 1, onnotice: () => {} });
		await sql`drop schema if exists supabase_migrations cascade`;
		await sql.end();
		const steps = plan(await readCatalogue(migrated), await readCatalogue(wanted));
		if (steps.actions.length === 0) return '';
		const rendered = renderPlanFiles(steps, { allowDrops: true });
		return rendered.files.map((file) => file.contents).join('\n');
	});
}

/** In the form the CLI wants and in UTC, so that files of two time zones stand in order. */
function timestamp(now: Date): string {
	return now.toISOString().replace(/\D/g, '').slice(0, 14);
}

main().catch((error) => {
	console.error(error instanceof Refusal ? error.message : error);
	process.exit(1);
});
