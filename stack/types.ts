import fs from 'node:fs';
import path from 'node:path';
import { useProjectNode } from './node_version.ts';
import { root } from './paths.ts';
import { databaseTypes, typesFile } from './types/database_types.ts';

/** `npm run db:types`: writes the row types of the database for TypeScript. */
useProjectNode();
const text = await databaseTypes();
fs.writeFileSync(typesFile, text);
console.log(`Wrote ${path.relative(root, typesFile)}.`);
