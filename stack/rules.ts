import { RULES } from '@prosa/core/whatsapp/outgoing/content.ts';
import fs from 'node:fs';
import path from 'node:path';
import { useProjectNode } from './node_version.ts';
import { root, sqlDir } from './paths.ts';
import { rulesSql } from './rules/rules_sql.ts';

/** `npm run db:rules`: writes what may be sent, as core has it, for the database. */
useProjectNode();
const file = path.join(sqlDir, '45_outgoing_rules.sql');
fs.writeFileSync(file, rulesSql(RULES));
console.log(`Wrote ${path.relative(root, file)}.`);
