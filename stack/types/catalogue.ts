import postgres from 'postgres';

/** A type as a row or an argument uses it. */
export interface TypeName {
	schema: string;
	name: string;
	/** b base, c composite, d domain, e enum, p pseudo */
	kind: string;
	array: boolean;
}

export interface Column {
	name: string;
	type: TypeName;
	nullable: boolean;
	hasDefault: boolean;
	/** Can't be written: generated, or always an identity. */
	generated: boolean;
}

export interface Relation {
	name: string;
	/** Whether rows can be written to it. */
	writable: boolean;
	columns: Column[];
	relationships: Relationship[];
}

export interface Relationship {
	foreignKeyName: string;
	columns: string[];
	isOneToOne: boolean;
	referencedRelation: string;
	referencedColumns: string[];
}

export interface Routine {
	name: string;
	args: { name: string; type: TypeName; hasDefault: boolean }[];
	/** The columns of a function that `returns table`. */
	table: { name: string; type: TypeName }[];
	returns: TypeName;
	set: boolean;
}

export interface Catalogue {
	relations: Relation[];
	routines: Routine[];
	enums: { name: string; values: string[] }[];
}

/** What `public` offers. Partitions are left out: they come and go with the months, and nobody reads them by name. */
export async function readPublic(dbUrl: string): Promise<Catalogue> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		const [relations, routines, enums] = await Promise.all([
			sql<{ relation: Relation }[]>`
				select jsonb_build_object(
					'name', c.relname,
					'writable', pg_relation_is_updatable(c.oid, false) & 8 = 8,
					'columns', (
						select jsonb_agg(jsonb_build_object(
							'name', a.attname,
							'type', ${sql.unsafe(typeOf('a.atttypid'))},
							'nullable', not a.attnotnull,
							'hasDefault', a.atthasdef or a.attidentity <> '',
							'generated', a.attgenerated <> '' or a.attidentity = 'a'
						) order by a.attname collate "C")
						from pg_attribute a
						where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
					),
					'relationships', coalesce((
						select jsonb_agg(jsonb_build_object(
							'foreignKeyName', k.conname,
							'columns', (select jsonb_agg(a.attname order by x.n) from unnest(k.conkey) with ordinality x (num, n) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.num),
							'isOneToOne', exists (
								select from pg_index i
								where i.indrelid = k.conrelid and i.indisunique and i.indpred is null
									and i.indkey::int2[]::int[] <@ k.conkey::int[] and i.indkey::int2[]::int[] @> k.conkey::int[]
							),
							'referencedRelation', f.relname,
							'referencedColumns', (select jsonb_agg(a.attname order by x.n) from unnest(k.confkey) with ordinality x (num, n) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.num)
						) order by k.conname collate "C")
						from pg_constraint k
						join pg_class f on f.oid = k.confrelid and f.relnamespace = 'public'::regnamespace and not f.relispartition
						where k.conrelid = c.oid and k.contype = 'f'
					), '[]')
				) as relation
				from pg_class c
				where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
				order by c.relname collate "C"`,
			sql<{ routine: Routine }[]>`
				select jsonb_build_object(
					'name', p.proname,
					'args', coalesce((
						select jsonb_agg(jsonb_build_object(
							'name', p.proargnames[x.n],
							'type', ${sql.unsafe(typeOf('x.type'))},
							'hasDefault', x.n > p.pronargs - p.pronargdefaults
						) order by x.n)
						from unnest(p.proargtypes::oid[]) with ordinality x (type, n)
					), '[]'),
					'table', coalesce((
						select jsonb_agg(jsonb_build_object('name', p.proargnames[x.n], 'type', ${sql.unsafe(typeOf('x.type'))}) order by x.n)
						from unnest(p.proallargtypes) with ordinality x (type, n)
						where p.proargmodes[x.n] in ('t', 'o', 'b')
					), '[]'),
					'returns', ${sql.unsafe(typeOf('p.prorettype'))},
					'set', p.proretset
				) as routine
				from pg_proc p
				where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
				order by p.proname collate "C", p.oid`,
			sql<{ name: string; values: string[] }[]>`
				select t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as values
				from pg_type t
				join pg_enum e on e.enumtypid = t.oid
				where t.typnamespace = 'public'::regnamespace
				group by t.typname
				order by t.typname collate "C"`
		]);
		return {
			relations: relations.map(({ relation }) => relation),
			routines: routines.map(({ routine }) => routine),
			enums: [...enums]
		};
	} finally {
		await sql.end();
	}
}

/** SQL for a TypeName: an array's element, a domain's base. */
function typeOf(oid: string): string {
	return `(
		select jsonb_build_object('schema', n.nspname, 'name', e.typname, 'kind', e.typtype, 'array', t.typcategory = 'A')
		from pg_type t
		join pg_type b on b.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end
		join pg_type e on e.oid = case when b.typtype = 'd' then b.typbasetype else b.oid end
		join pg_namespace n on n.oid = e.typnamespace
		where t.oid = ${oid}
	)`;
}
