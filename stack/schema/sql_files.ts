import fs from 'node:fs';
import path from 'node:path';
import { sqlDir } from '../paths.ts';

export interface SqlFile {
	/** Relative to `sql/`: `41_messages.sql`, `reporting/50_conversations.sql`. */
	name: string;
	text: string;
}

/** The truth about the database: the subject files by number, then the analysts' views that stand on them. */
export function readSqlFiles(dir = sqlDir): SqlFile[] {
	const list = (folder: string) =>
		fs.existsSync(path.join(dir, folder))
			? fs
					.readdirSync(path.join(dir, folder))
					.filter((name) => /^\d\d_\w+\.sql$/.test(name))
					.sort()
					.map((name) => path.posix.join(folder, name))
			: [];
	return [...list(''), ...list('reporting')].map((name) => ({
		name,
		text: fs.readFileSync(path.join(dir, name), 'utf8')
	}));
}

/** The first migration: all of `sql/`, one file after another. */
export function concatenate(files: SqlFile[]): string {
	return files.map(({ name, text }) => `-- sql/${name}\n\n${text.trim()}\n`).join('\n');
}
