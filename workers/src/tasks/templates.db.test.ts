import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startWhatsAppSimulator, type WhatsAppSimulator } from '../../../simulators/whatsapp/index.ts';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, receive } from '../../../tests/database/deliveries.ts';
import { NUMBERS, uuid } from '../../../tests/database/people.ts';
import { parseWebhook } from '@prosa/core/whatsapp/parse.ts';
import { readEnvironment } from '../environment.ts';
import { createLog } from '../log.ts';
import { startWorker, type RunningWorker } from '../worker.ts';

const database = useDatabase();
const SECRETS_KEY = `k1:${randomBytes(32).toString('base64')}`;
const channel = uuid('padaria channel');
const WABA = `${NUMBERS.padaria}9`;

let simulator: WhatsAppSimulator;
let worker: RunningWorker | undefined;

beforeAll(async () => {
	const keys = await readSecretKeys(SECRETS_KEY);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channel}:access_token`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${channel}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
});

beforeEach(async () => {
	await database.owner`update public.template_syncs set requested_at = '-infinity'`;
	simulator = await startWhatsAppSimulator({
		businesses: [
			{
				name: 'Padaria',
				phone_number_id: NUMBERS.padaria,
				waba_id: WABA,
				display_phone_number: '551130030001',
				tokens: ['EAAtoken']
			}
		],
		delays: { review: [5, 5] }
	});
	worker = await startWorker(
		readEnvironment({
			SUPABASE_DB_URL: database.url('prosa_worker'),
			SECRETS_KEY,
			GRAPH_API_URL: simulator.url,
			LOG_LEVEL: 'error'
		}),
		createLog('silent')
	);
});

afterEach(async () => {
	await worker?.stop();
	await simulator.close();
});

const until = (what: () => Promise<void>) => vi.waitFor(what, { timeout: 10_000, interval: 30 });
const row = async (name: string) => (await database.owner`select * from public.templates where name = ${name}`)[0];
const sync = () => database.as('ana', (sql) => sql`select public.sync_templates(${channel})`);
const syncState = async () => (await database.owner`select * from public.template_syncs where waba_id = ${WABA}`)[0];

/** One that Meta has approved already. */
function approved(name: string, text = 'Oi, tudo bem?') {
	return simulator.world.templates.save({
		id: simulator.world.templates.newId(Date.now()),
		waba_id: WABA,
		name,
		language: 'pt_BR',
		category: 'UTILITY',
		previous_category: null,
		correct_category: null,
		status: 'APPROVED',
		rejected_reason: 'NONE',
		quality: 'GREEN',
		parameter_format: 'POSITIONAL',
		components: [{ type: 'BODY', text }],
		pauses: 0,
		created_at: Date.now()
	});
}

async function draft(name: string, text = 'Seu pão já está quentinho.', id: string | null = null): Promise<string> {
	const template = { name, language: 'pt_BR', category: 'UTILITY', components: [{ type: 'BODY', text }] };
	const [saved] = await database.as(
		'ana',
		(sql) =>
			sql<
				{ id: string }[]
			>`select * from public.save_template(${channel}, ${id}, ${JSON.stringify(template)}::text::jsonb)`
	);
	return saved?.id ?? '';
}
const submit = (id: string) => database.as('ana', (sql) => sql`select public.submit_template(${id})`);

test('a list of many pages is read whole, and what leaves it is deleted here', async () => {
	for (let count = 0; count < 230; count++) approved(`modelo_${count}`);
	await sync();
	await until(async () => expect(await syncState()).toMatchObject({ status: 'done', found: 230 }));
	expect(await row('modelo_229')).toMatchObject({ status: 'APPROVED', quality: 'GREEN', category: 'UTILITY' });

	const [gone] = simulator.world.templates.named(WABA, 'modelo_7');
	simulator.world.templates.remove(gone?.id ?? '');
	await database.owner`update public.templates set created_at = '2026-01-01', status_at = '-infinity'`;
	await database.owner`update public.template_syncs set requested_at = '-infinity'`;
	await sync();
	await until(async () => expect(await row('modelo_7')).toMatchObject({ status: 'DELETED' }));
	expect(await row('modelo_8')).toMatchObject({ status: 'APPROVED' });
}, 30_000);

test('a draft is handed in, reviewed and approved by its notice', async () => {
	const id = await draft('pao_quente');
	await submit(id);
	await until(async () =>
		expect(await row('pao_quente')).toMatchObject({ status: 'PENDING', draft: null, work: null })
	);
	const told = {
		event: 'APPROVED',
		message_template_id: (await row('pao_quente'))?.external_id as string,
		message_template_name: 'pao_quente',
		message_template_language: 'pt_BR'
	};
	const body = {
		entry: [
			{
				id: WABA,
				time: Math.floor(Date.now() / 1_000),
				changes: [{ field: 'message_template_status_update', value: told }]
			}
		]
	};
	await receive(database.door, [delivery(parseWebhook(body))]);
	expect(await row('pao_quente')).toMatchObject({ status: 'APPROVED' });
});

test('what Meta refuses stays a draft, with its words for people', async () => {
	const id = await draft('exagerado', `{{1}} ${'muito '.repeat(3)}`);
	await submit(id);
	await until(async () =>
		expect(await row('exagerado')).toMatchObject({
			status: 'DRAFT',
			work: null,
			refusal: { work: 'submit', code: 100, subcode: 2388299, details: 'Add text around the variable.' },
			draft: { components: [{ type: 'BODY' }] }
		})
	);
});

test('a try whose answer was lost is found by its name, and not handed in twice', async () => {
	const id = await draft('perdido');
	approved('perdido', 'Seu pão já está quentinho.');
	await database.owner`update public.templates set work = 'submit' where id = ${id}`;
	const [job] = await database.owner<{ id: string }[]>`
		select id from graphile_worker.add_job('template__submit', json_build_object('template_id', ${id}::text), run_at => now() + interval '1 hour')`;
	await database.owner`update graphile_worker._private_jobs set attempts = 1, run_at = now() where id = ${job?.id ?? ''}`;
	await until(async () => expect(await row('perdido')).toMatchObject({ status: 'APPROVED', work: null, draft: null }));
	expect(simulator.world.templates.named(WABA, 'perdido')).toHaveLength(1);
});

test('a template in use is edited at Meta, and deleted there before it is here', async () => {
	approved('em_uso');
	await sync();
	await until(async () => expect(await row('em_uso')).toMatchObject({ status: 'APPROVED' }));
	const { id } = (await row('em_uso')) as { id: string };
	await draft('em_uso', 'Um texto mais novo.', id);
	await submit(id);
	await until(async () =>
		expect(await row('em_uso')).toMatchObject({ draft: null, components: [{ text: 'Um texto mais novo.' }] })
	);
	expect(simulator.world.templates.named(WABA, 'em_uso')[0]?.components).toEqual([
		{ type: 'BODY', text: 'Um texto mais novo.' }
	]);

	await database.as('ana', (sql) => sql`select public.delete_template(${id})`);
	await until(async () => expect(await row('em_uso')).toMatchObject({ status: 'DELETED', work: null }));
	expect(simulator.world.templates.named(WABA, 'em_uso')).toEqual([]);
});

test('a list that cannot be read says why and concludes nothing', async () => {
	approved('fica');
	await sync();
	await until(async () => expect(await row('fica')).toMatchObject({ status: 'APPROVED' }));
	await database.owner`update public.template_syncs set requested_at = '-infinity'`;
	simulator.world.addBusiness({
		name: 'Padaria',
		phone_number_id: NUMBERS.padaria,
		waba_id: WABA,
		display_phone_number: '551130030001',
		tokens: ['another']
	});
	await sync();
	await until(async () => expect(await syncState()).toMatchObject({ status: 'failed', error: { code: 190 } }));
	expect(await row('fica')).toMatchObject({ status: 'APPROVED' });
});
