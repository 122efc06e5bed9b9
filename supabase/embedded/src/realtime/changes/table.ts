import type pg from 'pg';

/** A published table, as one database role may see it. */
export interface Table {
	oid: number;
	schema: string;
	name: string;
	rowSecurity: boolean;
	columns: Column[];
	primaryKey: Column[];
}

export interface Column {
	name: string;
	/** As clients know it: `int8`, `_text`. */
	type: string;
	/** As SQL names it, without a length: `bigint`, `text[]`. */
	sqlType: string;
	json: boolean;
	primaryKey: boolean;
	selectable: boolean;
}

const QUERY = `
	select
		relation.oid::int8::text as oid,
		namespace.nspname as schema,
		relation.relname as name,
		relation.relrowsecurity as "rowSecurity",
		json_agg(json_build_object(
			'name', attribute.attname,
			'type', type.typname,
			'sqlType', format_type(attribute.atttypid, -1),
			'json', coalesce(nullif(type.typbasetype, 0), type.oid) in ('json'::regtype, 'jsonb'::regtype),
			'primaryKey', attribute.attnum = any (coalesce(index.indkey::int2[], '{}')),
			'selectable', has_column_privilege($1, relation.oid, attribute.attnum, 'select')
		) order by attribute.attnum) as columns
	from pg_class as relation
	join pg_namespace as namespace on namespace.oid = relation.relnamespace
	join pg_attribute as attribute
		on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped
	join pg_type as type on type.oid = attribute.atttypid
	left join pg_index as index on index.indrelid = relation.oid and index.indisprimary`;

/** The tables of a publication that `schema` and `table` name; `*` stands for all. */
export async function findTables(
	database: pg.Pool | pg.ClientBase,
	role: string,
	publication: string,
	schema: string,
	table: string
): Promise<Table[]> {
	const { rows } = await database.query<Row>(
		`${QUERY}
		where exists (
			select from pg_publication_tables as published
			where published.pubname = $2
				and published.schemaname = namespace.nspname
				and published.tablename = relation.relname
		)
		and ($3 = '*' or namespace.nspname = $3)
		and ($4 = '*' or relation.relname = $4)
		group by relation.oid, namespace.nspname, relation.relname, relation.relrowsecurity`,
		[role, publication, schema, table]
	);
	return rows.map(toTable);
}

/** The table as it is now; null when it is gone. */
export async function findTable(database: pg.ClientBase, role: string, oid: number): Promise<Table | null> {
	const { rows } = await database.query<Row>(
		`${QUERY}
		where relation.oid = $2
		group by relation.oid, namespace.nspname, relation.relname, relation.relrowsecurity`,
		[role, oid]
	);
	return rows[0] ? toTable(rows[0]) : null;
}

type Row = Omit<Table, 'oid' | 'primaryKey'> & { oid: string };

function toTable(row: Row): Table {
	return { ...row, oid: Number(row.oid), primaryKey: row.columns.filter((column) => column.primaryKey) };
}
