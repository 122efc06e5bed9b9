import { encryptSecret, readSecretKeys, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { uuid } from '../../../tests/database/people.ts';
import { queueLoad } from '../../../tests/outbox_load.ts';
import type { Database } from '../database.ts';
import { createMetrics } from '../metrics.ts';
import { Drain } from './drain.ts';
import { Outbox } from './outbox.ts';
import { Pacers } from './pacer.ts';

const database = useDatabase();
const channelId = uuid('padaria channel');
let keys: SecretKeys;

beforeAll(async () => {
	keys = await readSecretKeys(`k1:${randomBytes(32).toString('base64')}`);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channelId}:access_token`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${channelId}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
});

/** The worker's database, whose answer to some of its turns is an error: before they are run, or after. */
function unsteady(fails: (turn: number) => 'before' | 'after' | false): Database {
	let turns = 0;
	const query = (strings: TemplateStringsArray, ...values: never[]) => {
		const run = () => database.worker(strings, ...values);
		if (!strings.join('').includes('turn_outbox')) return run();
		const failure = fails(++turns);
		if (!failure) return run();
		const gone = () => Promise.reject(new Error('remaining connection slots are reserved'));
		return failure === 'before' ? gone() : run().then(gone);
	};
	return query as unknown as Database;
}

async function shards(): Promise<number[]> {
	const rows = await database.owner<{ shard: number }[]>`select distinct shard from private.outbox order by shard`;
	return rows.map(({ shard }) => shard);
}

test.each(['before', 'after'] as const)(
	'calls that end while the database refuses a turn, %s it was run, are not made again',
	async (moment) => {
		await queueLoad(database.owner, { channelId, name: `unsteady${moment}`, conversations: 40, each: 3 });
		const metrics = createMetrics();
		const called: string[] = [];
		const drained = (await shards()).map((shard) => {
			const db = unsteady((turn) => turn % 3 === 2 && moment);
			const graph = {
				sendMessage: async (_number: string, _token: string, message: { biz_opaque_callback_data?: string }) => {
					const id = message.biz_opaque_callback_data ?? '';
					called.push(id);
					// Longer than until the next turn, shorter than the pause after it fails.
					await wait(60);
					return { type: 'accepted' as const, external_id: `wamid.${id}` };
				}
			};
			const drain = new Drain({
				outbox: new Outbox(db, channelId, shard, randomUUID()),
				pacer: new Pacers(database.worker, () => {}).of(channelId),
				graph: graph as never,
				keys,
				upload: null,
				metrics,
				stopping: new AbortController().signal,
				warn: () => {}
			});
			return drain.run();
		});
		await Promise.all(drained);

		expect(called.length).toBe(120);
		expect(new Set(called).size).toBe(120);
		const [row] = await database.owner<{ sent: number }[]>`
			select count(*)::integer as sent from public.messages where id = any (${called}::uuid[]) and status = 'sent'`;
		expect(row?.sent).toBe(120);
	}
);
