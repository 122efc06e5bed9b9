import { PLANS } from '@prosa/core/sql/plans.ts';
import pg from 'pg';
import type { Log } from './log.ts';

/** One for each pool of jobs to hear of new ones, and some to fetch and to complete them. */
const MOST = 12;

/**
 * The connections of the queue, shared by all pools of jobs of this process: a job holds none while it runs, so few are
 * enough, and a server of a hosted project gives few. Whoever makes them ends them, after the pools.
 */
export function connectQueue(url: string, log: Log): pg.Pool {
	const options = Object.entries(PLANS)
		.map(([name, value]) => `-c ${name}=${value}`)
		.join(' ');
	const pool = new pg.Pool({ connectionString: url, max: MOST, application_name: 'prosa-worker-queue', options });
	const tell = (error: Error) => log.warn({ err: error }, 'a connection of the queue was lost');
	// Without these a lost connection would end the process; pg takes it out of the pool, and whoever used it is told.
	pool.on('error', tell);
	pool.on('connect', (client) => client.on('error', tell));
	return pool;
}
