/** What the schema cache reads from Postgres, as one JSON document. */
export interface Catalogue {
	relations: RelationRow[];
	foreign_keys: ForeignKeyRow[];
	views: ViewRow[];
	functions: FunctionRow[];
	role_settings: Record<string, Record<string, string>>;
}

export interface RelationRow {
	oid: number;
	schema: string;
	name: string;
	kind: 'r' | 'p' | 'v' | 'm' | 'f';
	comment: string | null;
	insertable: boolean;
	updatable: boolean;
	deletable: boolean;
	columns: ColumnRow[];
	/** Column numbers of the primary key. */
	primary_key: number[];
	/** Column numbers of each unique constraint and primary key. */
	unique_keys: number[][];
}

export interface ColumnRow {
	number: number;
	name: string;
	/** Its type with modifier, as SQL writes it. */
	type: string;
	/** Without modifier, domains resolved. */
	base_type: string;
	not_null: boolean;
	/** What stands in for a missing value, as an SQL expression; null when there is nothing. */
	default: string | null;
	max_length: number | null;
	enum: string[] | null;
	comment: string | null;
}

export interface ForeignKeyRow {
	name: string;
	table: number;
	columns: number[];
	target: number;
	target_columns: number[];
}

export interface ViewRow {
	oid: number;
	/** The rewrite rule's parse tree (pg_node_tree) as text. */
	definition: string;
}

export interface FunctionRow {
	oid: number;
	schema: string;
	name: string;
	comment: string | null;
	params: ParamRow[];
	volatility: 'i' | 's' | 'v';
	returns_set: boolean;
	returns_void: boolean;
	/** The return value has named columns. */
	returns_composite: boolean;
	return_type: string;
	/** The relation whose rows it returns. */
	return_relation: number | null;
	/** `rows 1`: a set of at most one row, for computed relationships. */
	returns_one: boolean;
	settings: Record<string, string>;
}

export interface ParamRow {
	name: string;
	type: string;
	required: boolean;
	variadic: boolean;
	/** The relation whose row type it takes. */
	relation: number | null;
}

/**
 * Reads the catalogue of the schemas in $1. Foreign keys and views are read from everywhere, since a view in an exposed
 * schema takes over the keys of hidden tables. Partitions stay hidden behind their table. Runs as any role.
 */
export const CATALOGUE_SQL = `
with recursive
exposed as (
  select oid, nspname from pg_namespace where nspname = any($1::text[])
),
base_types as (
  select oid, oid as base, typbasetype from pg_type
  union all
  select b.oid, t.oid, t.typbasetype from base_types b join pg_type t on t.oid = b.typbasetype
),
types as (
  select oid, base from base_types where typbasetype = 0
),
relations as (
  select c.oid, n.nspname as schema, c.relname as name, c.relkind as kind, obj_description(c.oid, 'pg_class') as comment,
    c.relkind in ('r', 'p') or pg_relation_is_updatable(c.oid, true) & 8 = 8 as insertable,
    c.relkind in ('r', 'p') or pg_relation_is_updatable(c.oid, true) & 4 = 4 as updatable,
    c.relkind in ('r', 'p') or pg_relation_is_updatable(c.oid, true) & 16 = 16 as deletable
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and n.nspname !~ '^pg_temp'
),
columns as (
  select a.attrelid, json_agg(json_build_object(
    'number', a.attnum,
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'base_type', format_type(b.base, null),
    'not_null', a.attnotnull or t.typnotnull,
    'default', case
      when a.attgenerated <> '' then null
      when a.attidentity = 'd' then format('nextval(%L::regclass)', pg_get_serial_sequence(format('%I.%I', r.schema, r.name), a.attname))
      when d.adbin is not null then pg_get_expr(d.adbin, d.adrelid)
      when t.typtype = 'd' and t.typdefaultbin is not null then pg_get_expr(t.typdefaultbin, 0)
    end,
    'max_length', case when b.base in ('bpchar'::regtype, 'varchar'::regtype) and a.atttypmod > 4 then a.atttypmod - 4 end,
    'enum', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = b.base),
    'comment', col_description(a.attrelid, a.attnum)
  ) order by a.attnum) as list
  from pg_attribute a
  join relations r on r.oid = a.attrelid
  join pg_type t on t.oid = a.atttypid
  join types b on b.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped
  group by a.attrelid
),
keys as (
  select conrelid,
    json_agg(conkey) as unique_keys,
    (array_agg(to_json(conkey)) filter (where contype = 'p'))[1] as primary_key
  from pg_constraint
  where contype in ('p', 'u')
  group by conrelid
),
functions as (
  select p.oid, n.nspname as schema, p.proname as name, obj_description(p.oid, 'pg_proc') as comment,
    p.provolatile as volatility, p.proretset as returns_set, p.prorettype = 'void'::regtype as returns_void,
    rt.typtype = 'c' or coalesce(p.proargmodes::text[] && array['t', 'o', 'b'], false) as returns_composite,
    format_type(p.prorettype, null) as return_type,
    nullif(rt.typrelid, 0)::int8 as return_relation,
    p.prorows = 1 as returns_one,
    (select coalesce(json_object_agg(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)), '{}') from unnest(p.proconfig) s) as settings,
    (
      select coalesce(json_agg(json_build_object(
        'name', coalesce(nullif(p.proargnames[a.place], ''), ''),
        'type', format_type(a.type, null),
        'required', a.number <= p.pronargs - p.pronargdefaults,
        'variadic', a.mode = 'v',
        'relation', nullif(at.typrelid, 0)::int8
      ) order by a.number), '[]')
      from (
        select u.type, u.mode, u.place, row_number() over (order by u.place) as number
        from (
          select t.type, coalesce(p.proargmodes[t.place], 'i') as mode, t.place
          from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality t(type, place)
        ) u
        where u.mode in ('i', 'b', 'v')
      ) a
      join pg_type at on at.oid = a.type
    ) as params
  from pg_proc p
  join exposed n on n.oid = p.pronamespace
  join types b on b.oid = p.prorettype
  join pg_type rt on rt.oid = b.base
  where p.prokind = 'f'
    and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
),
role_settings as (
  select r.rolname, json_object_agg(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)) as settings
  from pg_db_role_setting d
  join pg_roles r on r.oid = d.setrole
  cross join unnest(d.setconfig) s
  join pg_settings known on known.name = lower(split_part(s, '=', 1)) and known.context = 'user'
  where d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    and pg_has_role(current_user, r.oid, 'member')
    and r.rolname <> current_user
  group by r.rolname
)
select json_build_object(
  'relations', (
    select coalesce(json_agg(json_build_object(
      'oid', r.oid::int8, 'schema', r.schema, 'name', r.name, 'kind', r.kind, 'comment', r.comment,
      'insertable', r.insertable, 'updatable', r.updatable, 'deletable', r.deletable,
      'columns', coalesce(c.list, '[]'),
      'primary_key', coalesce(k.primary_key, '[]'),
      'unique_keys', coalesce(k.unique_keys, '[]')
    ) order by r.schema, r.name), '[]')
    from relations r left join columns c on c.attrelid = r.oid left join keys k on k.conrelid = r.oid
  ),
  'foreign_keys', (
    select coalesce(json_agg(json_build_object(
      'name', f.conname, 'table', f.conrelid::int8, 'columns', f.conkey, 'target', f.confrelid::int8, 'target_columns', f.confkey
    ) order by f.conname), '[]')
    from pg_constraint f
    where f.contype = 'f' and f.conrelid in (select oid from relations) and f.confrelid in (select oid from relations)
  ),
  'views', (
    select coalesce(json_agg(json_build_object('oid', r.oid::int8, 'definition', w.ev_action::text)), '[]')
    from relations r join pg_rewrite w on w.ev_class = r.oid and w.rulename = '_RETURN'
    where r.kind in ('v', 'm')
  ),
  'functions', (
    select coalesce(json_agg(f order by f.name, f.oid), '[]')
    from (select oid::int8, schema, name, comment, params, volatility, returns_set, returns_void, returns_composite,
            return_type, return_relation, returns_one, settings from functions) f
  ),
  'role_settings', (select coalesce(json_object_agg(rolname, settings), '{}') from role_settings)
)::text as catalogue`;
