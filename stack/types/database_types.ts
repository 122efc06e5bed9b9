import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../paths.ts';
import { withScratch } from '../schema/scratch.ts';
import { readPublic } from './catalogue.ts';
import { renderTypes } from './render.ts';

export const typesFile = path.join(root, 'core/src/database.types.ts');

/** The content of `core/src/database.types.ts`, from a database just made by `sql/`. */
export async function databaseTypes(): Promise<string> {
	const catalogue = await withScratch(async ({ fromSql }) => readPublic(await fromSql()));
	return format(renderTypes(catalogue), { ...(await resolveConfig(typesFile)), parser: 'typescript' });
}
