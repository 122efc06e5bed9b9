import fs from 'node:fs';
import { createClient, type QueryData } from '@supabase/supabase-js';
import type { Database } from '@prosa/core/database.types.ts';
import { expect, expectTypeOf, test } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { databaseTypes, typesFile } from './database_types.ts';
import { renderTypes } from './render.ts';

test('the committed row types are those of sql/ ("npm run db:types" makes them so)', { timeout: 60_000 }, async () => {
	expect(fs.readFileSync(typesFile, 'utf8')).toBe(await databaseTypes());
});

const text = { schema: 'pg_catalog', name: 'text', kind: 'b', array: false };
const column = { name: 'name', type: text, nullable: false, hasDefault: false, generated: false };

function render(more: Partial<Catalogue>): string {
	return renderTypes({ relations: [], routines: [], enums: [], ...more });
}

test('a column that may be null, has a default or is generated is written accordingly', () => {
	const relation = {
		name: 'contacts',
		writable: true,
		relationships: [],
		columns: [
			column,
			{ ...column, name: 'nickname', nullable: true },
			{ ...column, name: 'locale', hasDefault: true },
			{ ...column, name: 'search', generated: true },
			{ ...column, name: 'tags', type: { ...text, array: true } }
		]
	};
	const types = render({ relations: [relation] });
	expect(types).toContain(
		'Row: { name: string; nickname: string | null; locale: string; search: string; tags: string[]; }'
	);
	expect(types).toContain('Insert: { name: string; nickname?: string | null; locale?: string; tags: string[]; }');
	expect(types).toContain('Update: { name?: string; nickname?: string | null; locale?: string; tags?: string[]; }');
});

test('a function takes its defaults or not, and gives a row, rows or nothing', () => {
	const routine = { name: 'pick', args: [], table: [], returns: { ...text, name: 'void', kind: 'p' }, set: false };
	expect(render({ routines: [routine] })).toContain('pick: { Args: Record<PropertyKey, never>; Returns: undefined; }');

	const contact = { schema: 'public', name: 'contacts', kind: 'c', array: false };
	const args = [
		{ name: 'id', type: text, hasDefault: false },
		{ name: 'note', type: text, hasDefault: true }
	];
	expect(render({ routines: [{ ...routine, args, returns: contact, set: true }] })).toContain(
		"Args: { id: string | null; note?: string | null; }; Returns: Database['public']['Tables']['contacts']['Row'][];"
	);
	expect(render({ routines: [{ ...routine, table: [{ name: 'slug', type: text }], set: true }] })).toContain(
		'Returns: { slug: string; }[];'
	);
});

test('enums are their values', () => {
	expect(render({ enums: [{ name: 'status', values: ['open', "won't"] }] })).toContain("status: 'open' | 'won\\'t';");
});

test('supabase-js understands them: columns, embedded rows and functions have their types', () => {
	const client = createClient<Database>('http://127.0.0.1:1', 'key');
	const _query = client.from('conversations').select('id, unread_count, closed_at, contacts(name)').single();
	expectTypeOf<QueryData<typeof _query>>().toEqualTypeOf<{
		id: string;
		unread_count: number;
		closed_at: string | null;
		contacts: { name: string };
	}>();
	const _assigned = client.rpc('assign_conversation', { conversation_id: 'x', assignee_id: null });
	expectTypeOf<QueryData<typeof _assigned>['status']>().toEqualTypeOf<'open' | 'closed'>();
	// @ts-expect-error there is no such table
	client.from('conversation');
});
