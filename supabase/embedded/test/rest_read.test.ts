import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRestProject, type RestProject } from './rest_project.ts';

let project: RestProject;
beforeAll(async () => {
	project = await startRestProject(
		`
		create type mood as enum ('calm', 'busy');
		create table clients (id int primary key, name text, unique (name));
		create table projects (id int primary key, name text, client_id int references clients, lead_id int);
		create table people (id int primary key, name text not null, boss_id int references people);
		alter table projects add constraint projects_lead_fkey foreign key (lead_id) references people;
		create table members (project_id int references projects, person_id int references people, role text, primary key (project_id, person_id));
		create table passports (person_id int primary key references people, number text);
		create table messages (id int primary key, sender int references people, receiver int references people, body text);
		insert into clients values (1, 'Microsoft'), (2, 'Apple'), (3, 'Nobody');
		insert into people values (1, 'Ada', null), (2, 'Bob', 1), (3, 'Cyd', 1);
		insert into projects values (1, 'Windows 7', 1, 1), (2, 'Windows 10', 1, 2), (3, 'IOS', 2, null), (4, 'Orphan', null, null);
		insert into members values (1, 1, 'dev'), (1, 2, 'ops'), (2, 2, 'dev'), (3, 3, 'dev');
		insert into passports values (1, 'A-1');
		insert into messages values (1, 1, 2, 'hi'), (2, 2, 1, 'ho');

		create table typed (
			id int primary key, big bigint, exact numeric(40, 10), flag boolean, at timestamptz, day date, span interval,
			bytes bytea, address inet, feeling mood, ints int[], words text[], j jsonb, js json, words_tsv tsvector, period int4range,
			"weird col" text, "Select" text
		);
		insert into typed values (
			1, 9007199254740993, 12345678901234567890.1234567890, true, '2026-01-02T03:04:05.678901Z', '2026-02-03', '1 day 02:00',
			'\\xdeadbeef', '10.0.0.1', 'calm', '{1,null,3}', '{a,"b c",null}', '{"a":{"b":[1,2,{"c":"x"}]},"s":"5","t":true,"n":12345678901234567890.10}',
			'{"z": 1,  "a": 2, "a": 3}', to_tsvector('simple', 'the quick fox'), '[1,10)', 'w', 's');
		insert into typed (id, flag, words) values (2, false, '{}'), (3, null, null);
		create table notes (id int primary key, body text);
		insert into notes values (1, 'a,b'), (2, '(a,b)'), (3, 'c"d'), (4, 'e\\f'), (5, 'true'), (6, '100%'), (7, 'o''clock'), (8, null), (9, 'verão quente');

		create function full_name(people) returns text language sql stable as $$ select 'Dr ' || $1.name $$;
		create function full_name(clients) returns text language sql stable as $$ select $1.name || ' Inc.' $$;
		create function led_projects(people) returns setof projects language sql stable as $$ select * from projects where lead_id = $1.id $$;
		create function the_client(projects) returns setof clients rows 1 language sql stable as $$ select * from clients where id = $1.client_id $$;

		create view project_view with (security_invoker) as select id as project_key, name as title, client_id as owner_key from projects;
		create view client_view with (security_invoker) as select id, name from clients;
		create view outer_view with (security_invoker) as select project_key as k, owner_key as o from project_view;
		create schema hidden;
		create table hidden.orders (id int primary key, client_id int references public.clients);
		insert into hidden.orders values (10, 1);
		grant usage on schema hidden to service_role; grant select on hidden.orders to service_role;
		create view orders with (security_invoker) as select id, client_id from hidden.orders;

		create table events (id int, at date, body text) partition by range (at);
		create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
		insert into events values (1, '2026-05-05', 'x');
	`,
		{ maxRows: 100 }
	);
});
afterAll(() => project.stop());

const get = async (path: string, headers: Record<string, string> = {}) => project.rest(path, { headers });
const rows = async (path: string) => {
	const { status, json, text } = await get(path);
	expect(status, text).toBeLessThan(300);
	return json;
};
const code = async (path: string, headers: Record<string, string> = {}) => {
	const { status, json } = await get(path, headers);
	return [status, (json as { code: string }).code];
};

describe('embedding', () => {
	it('follows a key to the one and to the many', async () => {
		expect(await rows('projects?select=name,clients(name)&order=id')).toEqual([
			{ name: 'Windows 7', clients: { name: 'Microsoft' } },
			{ name: 'Windows 10', clients: { name: 'Microsoft' } },
			{ name: 'IOS', clients: { name: 'Apple' } },
			{ name: 'Orphan', clients: null }
		]);
		expect(await rows('clients?select=name,projects(name)&order=id')).toEqual([
			{ name: 'Microsoft', projects: [{ name: 'Windows 7' }, { name: 'Windows 10' }] },
			{ name: 'Apple', projects: [{ name: 'IOS' }] },
			{ name: 'Nobody', projects: [] }
		]);
	});

	it('makes one object of a unique key, from both sides', async () => {
		expect(await rows('people?select=name,passports(number)&order=id&limit=2')).toEqual([
			{ name: 'Ada', passports: { number: 'A-1' } },
			{ name: 'Bob', passports: null }
		]);
		expect(await rows('passports?select=people(name)')).toEqual([{ people: { name: 'Ada' } }]);
	});

	it('crosses a junction, alone or by its name', async () => {
		expect(await rows('projects?select=name,people!members(name)&id=eq.1&people.order=name')).toEqual([
			{ name: 'Windows 7', people: [{ name: 'Ada' }, { name: 'Bob' }] }
		]);
	});

	it('asks which way is meant when there are two, naming both', async () => {
		const { status, json } = await get('messages?select=people(name)');
		expect(status).toBe(300);
		expect(json).toMatchObject({
			code: 'PGRST201',
			message: `Could not embed because more than one relationship was found for 'messages' and 'people'`,
			hint: expect.stringContaining(`'people!messages_sender_fkey'`) as string
		});
	});

	it('takes a key, its column or either hint', async () => {
		const expected = [{ id: 1, from: { name: 'Ada' }, to: { name: 'Bob' } }];
		for (const select of [
			'id,from:sender(name),to:receiver(name)',
			'id,from:messages_sender_fkey(name),to:messages_receiver_fkey(name)',
			'id,from:people!sender(name),to:people!receiver(name)',
			'id,from:people!messages_sender_fkey(name),to:people!messages_receiver_fkey(name)'
		])
			expect(await rows(`messages?select=${select}&id=eq.1`)).toEqual(expected);
	});

	it('tells a table’s two ways to itself apart', async () => {
		expect(await rows('people?select=name,boss:boss_id(name)&id=eq.2')).toEqual([
			{ name: 'Bob', boss: { name: 'Ada' } }
		]);
		expect(await rows('people?select=name,staff:people!boss_id(name)&id=eq.1')).toEqual([
			{ name: 'Ada', staff: [{ name: 'Bob' }, { name: 'Cyd' }] }
		]);
		expect(await rows('people?select=name,people(name)&id=eq.1')).toEqual([
			{ name: 'Ada', people: [{ name: 'Bob' }, { name: 'Cyd' }] }
		]);
	});

	it('nests, filters, orders and limits below the root', async () => {
		expect(
			await rows(
				'clients?select=name,projects(name,members(role,people(name)))&id=eq.1&projects.name=eq.Windows 7&projects.members.order=role.desc&projects.members.limit=1'
			)
		).toEqual([
			{ name: 'Microsoft', projects: [{ name: 'Windows 7', members: [{ role: 'ops', people: { name: 'Bob' } }] }] }
		]);
		expect(await rows('clients?select=projects(id)&projects.or=(id.eq.1,name.like.*10)&id=eq.1')).toEqual([
			{ projects: [{ id: 1 }, { id: 2 }] }
		]);
	});

	it('leaves out rows without an inner embed, and counts the same, also for HEAD', async () => {
		const { json, headers } = await get('clients?select=name,projects!inner(id)&order=id', { prefer: 'count=exact' });
		expect(json).toHaveLength(2);
		expect(headers.get('content-range')).toBe('0-1/2');
		const { data, count, error } = await project
			.client()
			.from('clients')
			.select('*, projects!inner(name)', { count: 'exact', head: true })
			.eq('projects.name', 'IOS');
		expect({ data, count, error }).toEqual({ data: null, count: 1, error: null });
	});

	it('counts the rows of an embed, as supabase-js asks for it', async () => {
		const { data } = await project.client().from('clients').select('name, projects(count)').order('id');
		expect(data).toEqual([
			{ name: 'Microsoft', projects: [{ count: 2 }] },
			{ name: 'Apple', projects: [{ count: 1 }] },
			{ name: 'Nobody', projects: [{ count: 0 }] }
		]);
	});

	it('asks whether an embed is empty', async () => {
		expect(await rows('clients?select=name,projects()&projects=is.null')).toEqual([{ name: 'Nobody' }]);
		expect(await rows('projects?select=name,clients()&or=(clients.is.null,id.eq.1)&order=id')).toEqual([
			{ name: 'Windows 7' },
			{ name: 'Orphan' }
		]);
		const { headers } = await get('clients?select=name,projects()&projects=not.is.null', { prefer: 'count=exact' });
		expect(headers.get('content-range')).toBe('0-1/2');
	});

	it('orders by a column of the one, and says why it cannot by the many', async () => {
		expect(await rows('projects?select=name,clients(name)&order=clients(name).asc.nullsfirst,id.desc&limit=2')).toEqual(
			[
				{ name: 'Orphan', clients: null },
				{ name: 'IOS', clients: { name: 'Apple' } }
			]
		);
		expect(await code('clients?select=*,projects(*)&order=projects(name)')).toEqual([400, 'PGRST118']);
		expect(await code('clients?select=*&order=projects(name)')).toEqual([400, 'PGRST108']);
	});

	it('spreads the one into columns and the many into arrays, nested and renamed', async () => {
		expect(await rows('projects?select=name,...clients(client:name)&id=eq.1')).toEqual([
			{ name: 'Windows 7', client: 'Microsoft' }
		]);
		expect(await rows('clients?select=name,...projects(project:name)&projects=is.null')).toEqual([
			{ name: 'Nobody', project: [] }
		]);
		expect(await rows('projects?select=name,...clients(*)&id=eq.4')).toMatchObject([{ id: null }]);
		expect(await rows('clients?select=name,...projects(project:name,...lead_id(lead:name))&order=id')).toEqual([
			{ name: 'Microsoft', project: ['Windows 7', 'Windows 10'], lead: ['Ada', 'Bob'] },
			{ name: 'Apple', project: ['IOS'], lead: [null] },
			{ name: 'Nobody', project: [], lead: [] }
		]);
	});

	it('goes through views, also with renamed columns, of views, and of hidden tables', async () => {
		expect(await rows('project_view?select=title,clients(name)&project_key=eq.1')).toEqual([
			{ title: 'Windows 7', clients: { name: 'Microsoft' } }
		]);
		expect(await rows('client_view?select=name,project_view(title)&id=eq.2')).toEqual([
			{ name: 'Apple', project_view: [{ title: 'IOS' }] }
		]);
		expect(await rows('outer_view?select=k,client_view(name)&k=eq.3')).toEqual([
			{ k: 3, client_view: { name: 'Apple' } }
		]);
		expect(await rows('orders?select=id,clients(name)')).toEqual([{ id: 10, clients: { name: 'Microsoft' } }]);
		expect(await rows('projects?select=name,client_id(name)&id=eq.1')).toEqual([
			{ name: 'Windows 7', client_id: { name: 'Microsoft' } }
		]);
	});

	it('takes functions of a row for columns and for relations, overloaded ones too', async () => {
		expect(await rows('people?select=full_name&full_name=eq.Dr Ada')).toEqual([{ full_name: 'Dr Ada' }]);
		expect(await rows('clients?select=full_name&id=eq.2')).toEqual([{ full_name: 'Apple Inc.' }]);
		expect(await rows('people?select=name,led_projects(name,clients(name))&id=eq.1')).toEqual([
			{ name: 'Ada', led_projects: [{ name: 'Windows 7', clients: { name: 'Microsoft' } }] }
		]);
		expect(await rows('projects?select=the_client(name)&id=eq.3')).toEqual([{ the_client: { name: 'Apple' } }]);
	});

	it('says when nothing ties two tables together', async () => {
		expect(await code('clients?select=*,typed(*)')).toEqual([400, 'PGRST200']);
		expect(await code('clients?select=*&typed.id=eq.1')).toEqual([400, 'PGRST108']);
	});
});

describe('values arrive unchanged', () => {
	it('whatever their type', async () => {
		const { text } = await get(
			'typed?select=big,exact,flag,at,day,span,bytes,address,feeling,ints,words,j,js,period&id=eq.1'
		);
		expect(text).toBe(
			'[{"big":9007199254740993,"exact":12345678901234567890.1234567890,"flag":true,"at":"2026-01-02T03:04:05.678901+00:00",' +
				'"day":"2026-02-03","span":"1 day 02:00:00","bytes":"\\\\xdeadbeef","address":"10.0.0.1","feeling":"calm",' +
				'"ints":[1,null,3],"words":["a","b c",null],' +
				'"j":{"a": {"b": [1, 2, {"c": "x"}]}, "n": 12345678901234567890.10, "s": "5", "t": true},' +
				'"js":{"z": 1,  "a": 2, "a": 3},"period":"[1,10)"}]'
		);
	});

	it('through JSON paths, casts and odd names', async () => {
		expect(await rows('typed?select=j->a->b->2->>c,first:j->a->b->0,last:j->a->b->-1->>c,ints->0&id=eq.1')).toEqual([
			{ c: 'x', first: 1, last: 'x', ints: 1 }
		]);
		expect((await get('typed?select=big::text,exact::float8&id=eq.1')).text).toContain('"big":"9007199254740993"');
		expect(await rows('typed?select="weird col",Select&id=eq.1')).toEqual([{ 'weird col': 'w', Select: 's' }]);
	});

	it('selects nothing when nothing is asked for', async () => {
		expect(await rows('typed?select=&id=eq.1')).toEqual([{}]);
	});

	it('as CSV', async () => {
		const { text, headers } = await get('typed?select=id,words,flag&order=id', { accept: 'text/csv' });
		expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
		expect(text).toBe('id,words,flag\n1,"{a,""b c"",NULL}",t\n2,{},f\n3,,');
	});

	it('without members that are null, when asked', async () => {
		const { text } = await get('typed?select=id,flag&id=eq.3', {
			accept: 'application/vnd.pgrst.array+json;nulls=stripped'
		});
		expect(text).toBe('[{"id":3}]');
	});
});

describe('filters', () => {
	const ids = async (query: string, table = 'typed') =>
		((await rows(`${table}?select=id&order=id&${query}`)) as { id: number }[]).map(({ id }) => id);

	it.each([
		['id=eq.1', [1]],
		['id=neq.1', [2, 3]],
		['id=gt.1', [2, 3]],
		['id=gte.2', [2, 3]],
		['id=lt.2', [1]],
		['id=lte.2', [1, 2]],
		['id=not.eq.1', [2, 3]],
		['id=in.(1,3)', [1, 3]],
		['id=not.in.(1,3)', [2]],
		['id=in.()', []],
		['id=eq(any).{1,2}', [1, 2]],
		['id=gt(all).{1,2}', [3]],
		['flag=is.true', [1]],
		['flag=is.null', [3]],
		['flag=not.is.null', [1, 2]],
		['flag=is.not_null', [1, 2]],
		['flag=is.unknown', [3]],
		['big=eq.9007199254740993', [1]],
		['exact=eq.12345678901234567890.1234567890', [1]],
		['ints=cs.{1}', [1]],
		['ints=cd.{1,3,5}', []],
		['words=ov.{a,z}', [1]],
		['words=eq.{}', [2]],
		['j=cs.{"s":"5"}', [1]],
		['j->>s=eq.5', [1]],
		['j->a->b->2->>c=eq.x', [1]],
		['j->t=eq.true', [1]],
		['period=cs.[5,6)', [1]],
		['period=sl.[20,30)', [1]],
		['period=adj.[10,12)', [1]],
		['period=nxr.[1,20)', [1]],
		['words_tsv=fts.quick', [1]],
		['words_tsv=fts(simple).fox', [1]],
		['words_tsv=not.plfts.fox', []],
		['flag=isdistinct.true', [2, 3]],
		['feeling=eq.calm', [1]],
		['or=(id.eq.1,id.eq.3)', [1, 3]],
		['and=(id.gte.1,or(id.eq.1,id.eq.2))', [1, 2]],
		['not.or=(id.eq.1,id.eq.3)', [2]],
		['or=(not.and(id.gte.2,id.lte.3),flag.is.null)', [1, 3]],
		['or=(id.in.(1,2),flag.is.null)', [1, 2, 3]],
		['or=(ints.cs.{1,3},id.eq.2)', [1, 2]],
		['or=(j->>s.eq.5,id.eq.3)', [1, 3]],
		['and=( or ( id.in.( 1, 2 ) , id.eq.3 ) , not.or ( id.eq.2 , flag.is.null ) )', [1]],
		['Select=eq.s', [1]],
		['"weird col"=eq.w', [1]]
	])('%s', async (query, expected) => {
		expect(await ids(query)).toEqual(expected);
	});

	it.each([
		['body=eq.a,b', [1]],
		['or=(body.eq."a,b")', [1]],
		['or=(body.eq."(a,b)",id.eq.1)', [1, 2]],
		['body=in.("a,b","(a,b)")', [1, 2]],
		['body=in.("c\\"d","e\\\\f")', [3, 4]],
		['or=(body.in.("c\\"d",x),id.eq.9)', [3, 9]],
		['body=eq.e\\f', [4]],
		['body=eq.true', [5]],
		['body=like.100\\%', [6]],
		['body=like.*b', [1]],
		['body=ilike(any).{A*,C*}', [1, 3]],
		["body=eq.o'clock", [7]],
		["body=eq.x'; drop table notes; --", []],
		['body=match.^\\(', [2]],
		['body=imatch.^TRUE$', [5]],
		['body=wfts(portuguese).verão', [9]],
		['body=phfts(simple).verão quente', [9]],
		['body=isdistinct.true', [1, 2, 3, 4, 6, 7, 8, 9]]
	])('text: %s', async (query, expected) => {
		const [key = '', ...value] = query.split('=');
		expect(await ids(`${encodeURIComponent(key)}=${encodeURIComponent(value.join('='))}`, 'notes')).toEqual(expected);
	});

	it('that cannot be read are refused, saying where', async () => {
		const { status, json } = await get('typed?id=foo.1');
		expect(status).toBe(400);
		expect(json).toEqual({
			code: 'PGRST100',
			details: 'unexpected "f" expecting "not" or operator (eq, gt, ...)',
			hint: null,
			message: '"failed to parse filter (foo.1)" (line 1, column 1)'
		});
		for (const path of [
			'typed?select=id,',
			'typed?select=id)',
			'typed?order=id.up',
			'typed?or=(id.eq.1',
			'typed?or=()',
			'typed?id=is.5',
			'typed?id=in.1',
			'typed?select=id;drop',
			'typed?select=id::int)--'
		])
			expect(await code(path), path).toEqual([400, 'PGRST100']);
	});

	it('on columns that are not there are refused by Postgres', async () => {
		expect(await code('typed?nope=eq.1')).toEqual([400, '42703']);
		expect(await code('typed?id=eq.abc')).toEqual([400, '22P02']);
		expect(await code('typed?select=id::nope')).toEqual([400, '42704']);
	});
});

describe('ordering and paging', () => {
	it('orders with nulls first or last, by JSON paths too', async () => {
		expect(await rows('typed?select=id&order=flag.desc.nullslast,id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
		expect(await rows('typed?select=id&order=flag.nullsfirst')).toEqual([{ id: 3 }, { id: 2 }, { id: 1 }]);
		expect(await rows('typed?select=id&order=j->>s.asc.nullslast,id.desc')).toEqual([{ id: 1 }, { id: 3 }, { id: 2 }]);
	});

	it('pages by limit and offset, by Range, and counts', async () => {
		const paged = await get('typed?select=id&order=id&limit=1&offset=1', { prefer: 'count=exact' });
		expect([paged.status, paged.text, paged.headers.get('content-range')]).toEqual([206, '[{"id":2}]', '1-1/3']);
		const ranged = await get('typed?select=id&order=id', { range: '1-', 'range-unit': 'items' });
		expect([ranged.status, ranged.headers.get('content-range')]).toEqual([200, '1-2/*']);
		const { data, count, status } = await project
			.client()
			.from('typed')
			.select('id', { count: 'exact' })
			.order('id')
			.range(0, 1);
		expect([data, count, status]).toEqual([[{ id: 1 }, { id: 2 }], 3, 206]);
	});

	it('refuses a page beyond the end only when it knows the end', async () => {
		expect(await code('typed?offset=10', { prefer: 'count=exact' })).toEqual([416, 'PGRST103']);
		expect(await rows('typed?offset=10')).toEqual([]);
		expect(await code('typed?limit=-1')).toEqual([416, 'PGRST103']);
		expect(await code('typed', { range: '5-2' })).toEqual([416, 'PGRST103']);
	});

	it('guesses when asked to plan or estimate', async () => {
		const planned = await get('notes?select=id', { prefer: 'count=planned' });
		expect(planned.headers.get('content-range')).toMatch(/^0-8\/\d+$/);
		expect(planned.headers.get('preference-applied')).toBe('count=planned');
		const estimated = await get('notes?select=id', { prefer: 'count=estimated' });
		expect(estimated.headers.get('content-range')).toBe('0-8/9');
	});

	it('never gives more rows than the project allows', async () => {
		await project.sql`create table many as select g as id from generate_series(1, 250) g`;
		await expect.poll(async () => (await get('many?limit=200')).json).toHaveLength(100);
	});
});

describe('a single object', () => {
	it('is given when there is exactly one row', async () => {
		const { data } = await project.client().from('typed').select('id').eq('id', 1).single();
		expect(data).toEqual({ id: 1 });
		const { error, status } = await project.client().from('typed').select('id').single();
		expect([status, error?.code, error?.details]).toEqual([406, 'PGRST116', 'The result contains 3 rows']);
		expect(await project.client().from('typed').select('id').eq('id', 99).maybeSingle()).toMatchObject({
			data: null,
			error: null
		});
	});
});

describe('what is and what is not there', () => {
	it('hides partitions behind their table', async () => {
		expect(await rows('events?select=id')).toEqual([{ id: 1 }]);
		expect(await code('events_2026')).toEqual([404, 'PGRST205']);
	});

	it('knows no aggregates', async () => {
		expect(await code('typed?select=id.sum()')).toEqual([400, 'PGRST123']);
		expect(await code('typed?select=count()')).toEqual([400, 'PGRST123']);
	});

	it('suggests a table with a name like the one asked for', async () => {
		const { status, json } = await get('project');
		expect([status, json]).toEqual([
			404,
			{
				code: 'PGRST205',
				details: null,
				hint: `Perhaps you meant the table 'public.projects'`,
				message: `Could not find the table 'public.project' in the schema cache`
			}
		]);
	});

	it('refuses other schemas, media types, methods and paths', async () => {
		expect(await code('typed', { 'accept-profile': 'auth' })).toEqual([406, 'PGRST106']);
		expect(await code('typed', { 'accept-profile': 'pg_catalog' })).toEqual([406, 'PGRST106']);
		expect(await code('typed', { accept: 'image/png' })).toEqual([406, 'PGRST107']);
		expect(await code('a/b')).toEqual([404, 'PGRST125']);
		const { status } = await project.rest('typed', { method: 'PROPFIND' });
		expect(status).toBe(405);
	});

	it('serves names in any script', async () => {
		await project.sql.unsafe(
			'create table "ação é" ("não" int primary key, "日本" text); insert into "ação é" values (1, \'x\')'
		);
		await expect.poll(async () => (await get('ação é?select=não,日本&não=eq.1')).json).toEqual([{ não: 1, 日本: 'x' }]);
		expect(
			(
				await project.rest('ação é', { method: 'POST', body: '{"não":2}', headers: { prefer: 'return=headers-only' } })
			).headers.get('location')
		).toBe(`/${encodeURIComponent('ação é')}?n%C3%A3o=eq.2`);
	});

	it('sees a new table without being told', async () => {
		await project.sql`create table brand_new (id int primary key)`;
		await expect.poll(async () => (await get('brand_new')).status).toBe(200);
		await project.sql`drop table brand_new`;
		await expect.poll(async () => (await get('brand_new')).status).toBe(404);
	});

	it('follows a column that changes its type', async () => {
		await project.sql`create table changing (id int primary key, v int)`;
		await project.sql`insert into changing values (1, 5)`;
		await expect.poll(async () => (await get('changing?v=eq.5')).json).toEqual([{ id: 1, v: 5 }]);
		await project.sql`alter table changing alter column v type text`;
		await expect.poll(async () => (await get('changing?v=eq.5')).json).toEqual([{ id: 1, v: '5' }]);
	});
});
