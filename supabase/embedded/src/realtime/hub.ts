import type pg from 'pg';
import type { Jwt } from '../jwt.ts';
import type { Authorization } from './authorization.ts';
import type { Changes } from './changes/index.ts';
import type { Limits } from './limits.ts';
import type { Presence } from './presence.ts';
import type { Topics } from './topics.ts';

/** What all sockets share. */
export interface Hub {
	readonly jwt: Jwt;
	readonly limits: Limits;
	readonly pool: pg.Pool;
	readonly topics: Topics;
	readonly presence: Presence;
	readonly authorization: Authorization;
	readonly changes: Changes;
	log(line: string): void;
}
