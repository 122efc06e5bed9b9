import type pg from 'pg';

const DAYS_AHEAD = 3;
const DAYS_KEPT = 3;
const DAY = 86_400_000;

/** Postgres says so when a lock was not to be had in time. */
const LOCKED = '55P03';

/**
 * Makes the partitions of realtime.messages for today and the next days and drops those older than three days. Waits for
 * no lock longer than two seconds, so that a broadcast never waits for it; what could not be done is done the next time.
 */
export async function keepPartitions(pool: pg.Pool, today = new Date()): Promise<void> {
	const client = await pool.connect();
	try {
		const wanted = Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => dayAfter(today, i));
		const existing = await partitionDays(client);
		for (const day of wanted) if (!existing.includes(day)) await inTransaction(client, makePartition(day));

		const oldest = dayAfter(today, -DAYS_KEPT);
		for (const day of existing) if (day < oldest) await inTransaction(client, `drop table ${tableOf(day)}`);
		await client.query(`delete from realtime.messages_default where inserted_at < '${oldest}'`);
	} catch (error) {
		if ((error as { code?: string }).code !== LOCKED) throw error;
	} finally {
		client.release();
	}
}

function dayAfter(date: Date, days: number): string {
	return new Date(date.getTime() + days * DAY).toISOString().slice(0, 10);
}

const tableOf = (day: string) => `realtime.messages_${day.replaceAll('-', '_')}`;

/** What was sent before the day had a partition lies in the default one and moves over; it was heard already. */
function makePartition(day: string): string {
	const table = tableOf(day);
	const next = dayAfter(new Date(day), 1);
	return `
		create table ${table} (like realtime.messages including defaults including indexes);
		lock table realtime.messages_default in access exclusive mode;
		with moved as (
			delete from realtime.messages_default where inserted_at >= '${day}' and inserted_at < '${next}' returning *
		)
		insert into ${table} select * from moved;
		alter table realtime.messages attach partition ${table} for values from ('${day}') to ('${next}')`;
}

async function partitionDays(client: pg.PoolClient): Promise<string[]> {
	const { rows } = await client.query<{ day: string }>(
		`select replace(substring(relname from 'messages_(\\d{4}_\\d{2}_\\d{2})$'), '_', '-') as day
		from pg_inherits join pg_class on pg_class.oid = inhrelid
		where inhparent = 'realtime.messages'::regclass and relname <> 'messages_default'
		order by 1`
	);
	return rows.map(({ day }) => day).filter((day) => day !== null);
}

async function inTransaction(client: pg.PoolClient, statements: string): Promise<void> {
	try {
		await client.query(`begin; set local lock_timeout = '2s'; ${statements}; commit`);
	} catch (error) {
		await client.query('rollback');
		throw error;
	}
}
