import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { expect, test } from 'vitest';
import { tryAgent } from '../../../workers/src/ai/trial.ts';
import { clientFor } from '../../../workers/src/ai/provider.ts';
import { secretsRotate } from '../../../workers/src/tasks/secrets__rotate.ts';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { publishAgent, SECRETS_KEY, teach, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();

interface Answer {
	text: string;
	outcome: string;
	reason: string;
	citations: { title: string; text: string }[];
	calls: { name: string; result: string }[];
	tokens: { input: number; output: number };
	decision: { intent: string } | null;
}

async function tries(definition: object, text: string, key: string | null = 'simulated') {
	const agent = await publishAgent(database);
	const draft = JSON.stringify({ name: 'Rascunho', model: 'prosa-simulator', ...definition });
	const said = JSON.stringify([{ author: 'customer', text }]);
	const id = await database.as('sofia', async (sql) => {
		const [row] = await sql<{ id: string }[]>`
			select id from public.try_ai_agent(${agent}, ${draft}::text::jsonb, ${said}::text::jsonb)`;
		return String(row?.id);
	});
	await tryAgent(await stage.deps(database, key), id, new AbortController().signal);
	const read = (person: 'sofia' | 'ana' | 'caio') =>
		database.as(
			person,
			(sql) =>
				sql<
					{ answer: Answer | null; error: string | null }[]
				>`select answer, error from public.ai_trials where id = ${id}`
		);
	return { row: (await read('sofia'))[0], read };
}

const person = (name: Person, aal: 'aal2' | null = null) => JSON.stringify({ id: uuid(name), aal });

test('a draft is tried: what it says, where it has it from, what it called and what it took; nothing is sent', async () => {
	await teach(database, 'Horários', '# Loja\nA padaria abre das 6h às 20h de segunda a sábado.');
	const [before] = await database.owner`select count(*)::int as messages from public.messages`;
	const { row, read } = await tries(
		{ tools: ['knowledge_search', 'hand_over'] },
		'Que horas a padaria abre? Meu CPF é 529.982.247-25'
	);
	expect(row?.error).toBeNull();
	expect(row?.answer).toMatchObject({
		outcome: 'answered',
		decision: { intent: 'hours' },
		citations: [{ title: 'Horários' }]
	});
	expect(row?.answer?.citations[0]?.text).toContain('das 6h às 20h');
	expect(row?.answer?.tokens.input).toBeGreaterThan(50);
	expect(JSON.stringify(stage.model.asked)).not.toContain('529.982');
	const [after] = await database.owner`select count(*)::int as messages from public.messages`;
	expect(after).toEqual(before);
	expect(await read('ana'), 'a trial is for whoever tried').toEqual([]);
	expect(await read('caio')).toEqual([]);
	const calls =
		await database.owner`select purpose, user_id, conversation_id from public.ai_calls where purpose = 'try'`;
	expect(calls[0]).toMatchObject({ user_id: uuid('sofia'), conversation_id: null });
});

test('a draft that hands over says why, and without a key the trial says so', async () => {
	const { row } = await tries({ tools: ['hand_over'] }, 'Quero falar com um atendente');
	expect(row?.answer?.outcome).toBe('handed_over');
	expect(row?.answer?.reason).toMatch(/pessoa|atendente/i);
	expect((await tries({}, 'oi', null)).row).toEqual({ answer: null, error: 'ai_off' });
});

test('a company’s own key is kept with its last four letters, asked with, and goes under the new key with the others', async () => {
	const tenant = uuid('padaria');
	const keys = await readSecretKeys(SECRETS_KEY);
	const secret = await encryptSecret(keys, 'sk-da-padaria-1234', `${tenant}:ai_key`);
	const sent = {
		key_id: secret.key_id,
		nonce: Buffer.from(secret.nonce).toString('hex'),
		ciphertext: Buffer.from(secret.ciphertext).toString('hex'),
		last_four: '1234'
	};
	await database.owner`select private.keep_ai_key(${person('sofia')}::text::jsonb, ${tenant}, ${JSON.stringify(sent)}::text::jsonb)`;
	const status = await database.as('sofia', (sql) => sql`select public.ai_status(${tenant}) as status`);
	expect(status[0]?.['status']).toMatchObject({ own_key: true, last_four: '1234' });
	expect(JSON.stringify(status)).not.toContain('padaria-1234');

	const next = await readSecretKeys(`next:${Buffer.alloc(32, 9).toString('base64')},${SECRETS_KEY}`);
	const helpers = { logger: { warn: () => {} }, abortSignal: new AbortController().signal } as never;
	await secretsRotate({ db: database.worker, keys: next })({}, helpers);
	const [row] = await database.owner`select key_id, last_four from private.ai_keys where tenant_id = ${tenant}`;
	expect(row).toEqual({ key_id: 'next', last_four: '1234' });
	const client = await clientFor({ ...(await stage.deps(database, null)), keys: next }, tenant);
	expect(client?.apiKey).toBe('sk-da-padaria-1234');
	await expect(
		database.owner`select private.keep_ai_key(${person('caio')}::text::jsonb, ${tenant}, null)`,
		'an agent may not'
	).rejects.toThrow('not_allowed');
	await database.owner`select private.keep_ai_key(${person('sofia')}::text::jsonb, ${tenant}, null)`;
	expect(await database.owner`select from private.ai_keys`).toHaveLength(0);
});
