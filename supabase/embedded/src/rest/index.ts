import type { Jwt } from '../jwt.ts';
import type { Service } from '../service.ts';
import { send, sendError } from './answer.ts';
import { Pool } from './database/pool.ts';
import { SchemaSource } from './database/schema_source.ts';
import { RestError } from './errors.ts';
import { answerRequest } from './handler.ts';

export interface RestOptions {
	/** Connection of `authenticator`. */
	url: string;
	jwt: Jwt;
	/** Exposed schemas; the first is the default. */
	schemas?: string[];
	/** Most rows an answer holds. */
	maxRows?: number;
	/** Connections to the database. */
	poolSize?: number;
	/** Told when the schema could not be read. */
	log?: (line: string) => void;
}

/** Serves tables, views and functions as PostgREST does. */
export async function createRest(options: RestOptions): Promise<Service> {
	const schemas = options.schemas ?? ['public'];
	const pool = new Pool(options.url, options.poolSize ?? 10);
	const source = new SchemaSource(options.url, schemas, () => pool.forgetStatements(), options.log ?? (() => {}));
	await source.start();
	const resources = { pool, source, schemas, maxRows: options.maxRows ?? 1000 };

	return {
		async handle(request, response, context) {
			try {
				send(response, await answerRequest(resources, request, context));
			} catch (error) {
				if (!(error instanceof RestError)) throw error;
				sendError(response, error);
			}
		},
		async close() {
			await source.close();
			await pool.close();
		}
	};
}
