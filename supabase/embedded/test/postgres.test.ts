import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, scaffold, startPostgres } from '../src/postgres/index.ts';
import { isAlive } from '../src/postgres/postmaster.ts';
import { startTestPostgres, type TestPostgres } from './embedded.ts';

let folder: string;
beforeAll(async () => {
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'rest-postgres-'));
	await fs.chmod(folder, 0o755);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const until = async (condition: () => boolean) => {
	for (let waited = 0; waited < 20_000; waited += 50) {
		if (condition()) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error('it never happened');
};

/** Another process that starts Postgres on `dataDir` and then only waits. */
async function launchElsewhere(dataDir: string) {
	const module = new URL('../src/postgres/index.ts', import.meta.url).href;
	const script = `import { startPostgres } from ${JSON.stringify(module)};
		const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, port: ${await freePort()} });
		console.log(server.pid);
		setInterval(() => {}, 1000);`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const [output] = (await once(child.stdout, 'data')) as [Buffer];
	return { child, pid: Number(output.toString()) };
}

describe('a life with its parent', () => {
	it('stops with a parent that was killed with -9, and starts again on the same data', async () => {
		const dataDir = path.join(folder, 'killed');
		const { child, pid } = await launchElsewhere(dataDir);
		expect(isAlive(pid)).toBe(true);
		child.kill('SIGKILL');
		await until(() => !isAlive(pid));

		const server = await startPostgres({ dataDir, port: await freePort() });
		expect(server.attached).toBe(false);
		await server.stop();
		await until(() => !isAlive(server.pid));
	});

	it('attaches to a server another process started, and leaves it running for that process', async () => {
		const dataDir = path.join(folder, 'shared');
		const { child, pid } = await launchElsewhere(dataDir);
		const server = await startPostgres({ dataDir, port: await freePort() });
		expect(server).toMatchObject({ pid, attached: true });
		const sql = postgres(server.url('supabase_admin'), { max: 1 });
		expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
		await sql.end();
		await server.stop();
		expect(isAlive(pid)).toBe(true);
		child.kill('SIGKILL');
		await until(() => !isAlive(pid));
	});
});

describe('what can be wrong is said in one sentence', () => {
	const failure = async (dataDir: string, port?: number) =>
		startPostgres({ dataDir, port: port ?? (await freePort()) }).then(
			async (server) => {
				await server.stop();
				return 'it started';
			},
			(error: Error) => error.message
		);

	it('names the program that holds the port', async () => {
		const holder = net.createServer().listen(0, '127.0.0.1');
		await once(holder, 'listening');
		const { port } = holder.address() as net.AddressInfo;
		const sentence = await failure(path.join(folder, 'port'), port);
		expect(sentence).toMatch(new RegExp(`^Port ${port} is taken`));
		if (process.platform === 'linux') expect(sentence).toContain(`(pid ${process.pid})`);
		holder.close();
	});

	it('refuses the data of another major version', async () => {
		const dataDir = path.join(folder, 'old');
		await fs.mkdir(dataDir);
		await fs.writeFile(path.join(dataDir, 'PG_VERSION'), '15\n');
		expect(await failure(dataDir)).toMatch(/belongs to Postgres 15, and this is Postgres 17/);
	});

	it('refuses a folder that holds something else', async () => {
		const dataDir = path.join(folder, 'photos');
		await fs.mkdir(dataDir);
		await fs.writeFile(path.join(dataDir, 'cat.jpg'), 'meow');
		expect(await failure(dataDir)).toMatch(/holds other files/);
		expect(await fs.readdir(dataDir)).toEqual(['cat.jpg']);
	});

	it('says so when the folder would lie in a file', async () => {
		await fs.writeFile(path.join(folder, 'file'), '');
		expect(await failure(path.join(folder, 'file', 'data'))).toMatch(/is not a folder/);
	});

	const isRoot = process.getuid?.() === 0;
	it.runIf(isRoot)('as root names the parent folder that shuts the server out', async () => {
		const home = path.join(folder, 'home');
		await fs.mkdir(home, { mode: 0o700 });
		expect(await failure(path.join(home, 'data'))).toBe(
			`Postgres can't run as root, and the user it runs as (uid 65534) may not enter ${home}: chmod o+x ${home}, or work in another folder.`
		);
		expect(await fs.readdir(home)).toEqual([]);
	});

	it.runIf(!isRoot)('says so when it may not write the folder', async () => {
		const home = path.join(folder, 'readonly');
		await fs.mkdir(home, { mode: 0o500 });
		expect(await failure(path.join(home, 'data'))).toMatch(/^No permission to read or write/);
	});
});

describe('a scaffolded database', () => {
	let server: TestPostgres;
	let admin: postgres.Sql;
	let user: postgres.Sql;
	beforeAll(async () => {
		server = await startTestPostgres();
		admin = postgres(server.url('supabase_admin'), { max: 1, onnotice: () => {} });
		user = postgres(server.url(), { max: 1, onnotice: () => {} });
	});
	afterAll(async () => {
		await Promise.all([admin.end(), user.end()]);
		await server.stop();
	});

	it('gives projects the role postgres, which is no superuser', async () => {
		const [role] = await user`
			select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user`;
		expect(role).toEqual({
			rolsuper: false,
			rolcreatedb: true,
			rolcreaterole: true,
			rolreplication: true,
			rolbypassrls: true
		});
	});

	it('has the superuser and the replication role as the only ones projects do not rule, and no open login', async () => {
		const superusers = await admin`select rolname from pg_roles where rolsuper`;
		expect(superusers.map(({ rolname }) => rolname)).toEqual(['supabase_admin']);
		const wrong = postgres(server.url('postgres').replace(':postgres@', ':wrong@'), { max: 1 });
		await expect(wrong`select 1`).rejects.toThrow(/password authentication failed/);
		await wrong.end();
	});

	it('grants what postgres makes in public to the three API roles', async () => {
		await user`create table public.made_by_postgres (id int)`;
		const rows = await user`
			select r as role from unnest(array['anon', 'authenticated', 'service_role']) r
			where has_table_privilege(r, 'public.made_by_postgres', 'select, insert, update, delete')`;
		expect(rows).toHaveLength(3);
	});

	it('lets postgres make trusted extensions and fill the publication supabase_realtime', async () => {
		await user`create extension pg_trgm with schema extensions`;
		await user`create extension unaccent with schema extensions`;
		await user`alter publication supabase_realtime add table public.made_by_postgres`;
		expect(await user`select tablename from pg_publication_tables where pubname = 'supabase_realtime'`).toEqual([
			{ tablename: 'made_by_postgres' }
		]);
	});

	it('lower-cases accented letters for full-text search', async () => {
		expect(await user`select to_tsvector('simple', 'PÃO')::text as words`).toEqual([{ words: "'pão':1" }]);
	});

	it('may be scaffolded again, and several databases at once', async () => {
		await user`create database one`;
		await user`create database two`;
		await Promise.all([scaffold(server), scaffold(server, 'one'), scaffold(server, 'two')]);
		await admin`comment on schema extensions is 'scaffold outdated'`;
		await scaffold(server);
		const [row] = await admin`select obj_description('extensions'::regnamespace, 'pg_namespace') as comment`;
		expect(row?.['comment']).toMatch(/^scaffold [0-9a-f]{64}$/);
	});
});
