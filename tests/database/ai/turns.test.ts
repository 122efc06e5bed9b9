import { afterEach, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { saidIn } from '../flows/bots.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { callsOf, publishAgent, takes, teach, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const says = (phone: string, ...texts: string[]) =>
	receive(database.door, [delivery(texts.map((text) => textFrom(phone, text)))]);
const conversation = async (id: string) => {
	const [row] = await database.owner`
		select owner, owner_epoch, team_id, waiting_since is not null as waits from public.conversations where id = ${id}`;
	return row;
};
const jobs = (id: string) =>
	database.owner<{ run_at: Date }[]>`
		select j.run_at from graphile_worker._private_jobs j
		join graphile_worker._private_tasks t on t.id = j.task_id
		where j.payload ->> 'conversation_id' = ${id} and t.identifier = 'ai__turn'`;

afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.ai_documents`;
	await database.owner`delete from public.ai_settings`;
});

test('a customer writes, the agent answers from what it was taught, and keeps where it has it from', async () => {
	await publishAgent(database);
	await teach(database, 'Horários', '# Loja\nA padaria abre das 6h às 20h de segunda a sábado.');
	const { id } = await customerWrites(database, 'Que horas a padaria abre no sábado?');
	expect(await jobs(id)).toHaveLength(1);
	expect(await takes(await stage.deps(database), id)).toBe('done');
	const said = await saidIn(database, id);
	expect(said).toHaveLength(2);
	expect(said[1]).toMatch(/^ai: \[modelo simulado\] .*A padaria abre das 6h às 20h/);
	expect(said[1], 'the mark of the source is for the team').not.toMatch(/\[d\d/);
	expect(await turnsIn(database, id)).toMatchObject([
		{ outcome: 'answered', decision: { intent: 'hours', sentiment: 'neutral' }, citations: [{ title: 'Horários' }] }
	]);
	expect(await conversation(id)).toMatchObject({ owner: 'ai', owner_epoch: 1, waits: false });
	const calls = await callsOf(database, id);
	expect(calls.map(({ purpose }) => purpose).sort()).toEqual(['decide', 'reply']);
	for (const call of calls) expect(call).toMatchObject({ status: 'done', cost: '0' });
});

test('who has no agent pays no job', async () => {
	const { id } = await customerWrites(database, 'oi');
	expect(await jobs(id)).toEqual([]);
});

test('without a key nothing is taken, and the conversation stays with people', async () => {
	await publishAgent(database);
	const { id } = await customerWrites(database, 'oi');
	expect(await takes(await stage.deps(database, null), id)).toBe('nothing');
	expect(await conversation(id)).toMatchObject({ owner: 'human', owner_epoch: 0, waits: true });
	expect(stage.model.asked).toEqual([]);
	await database.owner`delete from private.ai_platform`;
	await database.as('sofia', async (sql) => {
		const [row] = await sql`select public.ai_status(${uuid('padaria')}) as status`;
		expect(row?.['status']).toMatchObject({ on: false, reason: 'ai_off' });
	});
});

test('a burst of messages is one job and one answer', async () => {
	await publishAgent(database, { gather_seconds: 4 });
	const { id, phone } = await customerWrites(database, 'oi');
	const [first] = await jobs(id);
	await says(phone, 'tudo bem?', 'quero saber dos bolos');
	await says(phone, 'quanto custa?');
	const waiting = await jobs(id);
	expect(waiting).toHaveLength(1);
	expect(waiting[0]?.run_at, 'what comes later does not put the answer off').toEqual(first?.run_at);
	expect(await takes(await stage.deps(database), id)).toBe('done');
	expect((await saidIn(database, id)).filter((line) => line.startsWith('ai:'))).toHaveLength(1);
	expect(await takes(await stage.deps(database), id), 'all of it is answered').toBe('nothing');
	const asked = JSON.stringify(stage.model.asked.map(({ body }) => body));
	expect(asked).toContain('quanto custa?');
});

test('a hundred messages in a burst are one job and one answer, to all of them in their order', async () => {
	await publishAgent(database, { gather_seconds: 4 });
	const { id, phone } = await customerWrites(database, 'linha 0;');
	const lines = Array.from({ length: 99 }, (_, line) => `linha ${line + 1};`);
	for (let at = 0; at < lines.length; at += 7) await says(phone, ...lines.slice(at, at + 7));
	expect(await jobs(id)).toHaveLength(1);
	const deps = await stage.deps(database);
	expect(await takes(deps, id)).toBe('done');
	expect(await takes(deps, id)).toBe('nothing');
	expect((await saidIn(database, id)).filter((line) => line.startsWith('ai:'))).toHaveLength(1);
	expect(stage.model.asked).toHaveLength(2);
	for (const { body } of stage.model.asked) {
		const read = [...JSON.stringify(body).matchAll(/linha (\d+);/g)].map(([, line]) => Number(line));
		expect(read).toEqual(Array.from({ length: 100 }, (_, line) => line));
	}
});

test('a customer who writes on while the agent thinks gets one answer, to all of it', async () => {
	await publishAgent(database);
	const { id, phone } = await customerWrites(database, 'oi');
	await stage.post('faults', { delay_ms: 300, times: 2 });
	const turn = takes(await stage.deps(database), id);
	await expect.poll(async () => (await callsOf(database, id)).length).toBe(2);
	await says(phone, 'vocês fazem encomenda?');
	expect(await turn).toBe('done');
	const said = await saidIn(database, id);
	expect(said.map((line) => line.split(':')[0])).toEqual(['contact', 'contact', 'ai']);
	expect((await callsOf(database, id)).length, 'it thought again').toBe(4);
});

test('whoever asks for a person gets one: the queue has the conversation, with the reason', async () => {
	await publishAgent(database, { tools: ['hand_over'] }, uuid('padaria team'));
	const { id, phone } = await customerWrites(database, 'quero falar com um atendente');
	expect(await takes(await stage.deps(database), id)).toBe('done');
	expect(await conversation(id)).toMatchObject({
		owner: 'human',
		owner_epoch: 2,
		waits: true,
		team_id: uuid('padaria team')
	});
	const [turn] = await turnsIn(database, id);
	expect(turn).toMatchObject({
		outcome: 'handed_over',
		reason: 'O cliente precisa de uma pessoa.',
		decision: { intent: 'person' }
	});
	const [note] = await database.owner`
		select body, author, content -> 'cause' ->> 'type' as cause from public.messages where conversation_id = ${id} and kind = 'note'`;
	expect(note).toMatchObject({ author: 'system', cause: 'ai' });
	expect(note?.['body']).toContain('Motivo: O cliente precisa de uma pessoa.');
	const [summary] = await database.owner`
		select text, up_to_seq, made_by from public.conversation_summaries where conversation_id = ${id}`;
	expect(summary).toMatchObject({ up_to_seq: '1', made_by: 'prosa-simulator' });
	expect(summary?.['text']).toContain('O cliente escreveu: «quero falar com um atendente».');
	expect(note?.['body'], 'it stands where the conversation was handed over').toContain(summary?.['text']);
	expect((await callsOf(database, id)).map(({ purpose }) => purpose)).toContain('summarise');

	await says(phone, 'oi?');
	expect(await takes(await stage.deps(database), id), 'a person has it: the agent stays away').toBe('nothing');
});

test('a person who answers has the conversation: what the agent was thinking is never said', async () => {
	await publishAgent(database);
	for (let race = 0; race < 20; race++) {
		const { id, phone } = await customerWrites(database, 'bom dia');
		const deps = await stage.deps(database);
		await takes(deps, id);
		await says(phone, 'e agora?');
		await stage.post('faults', { delay_ms: 5 * race, times: 2 });
		await Promise.all([takes(deps, id), answer(database, 'caio', id, 'Sou eu, o Caio.')]);
		await takes(deps, id);
		const said = await saidIn(database, id);
		const person = said.findIndex((line) => line.startsWith('agent:'));
		expect(
			said.slice(person + 1).filter((line) => line.startsWith('ai:')),
			said.join(' | ')
		).toEqual([]);
		expect(await conversation(id)).toMatchObject({ owner: 'human' });
	}
});

test('a conversation that is given to somebody, or closed, is the agent’s no more', async () => {
	await publishAgent(database);
	for (const act of [
		(id: string) => database.owner`update public.conversations set assignee_id = ${uuid('caio')} where id = ${id}`,
		(id: string) => database.as('sofia', (sql) => sql`select public.close_conversation(${id})`)
	]) {
		const { id, phone } = await customerWrites(database, 'bom dia');
		const deps = await stage.deps(database);
		await takes(deps, id);
		await says(phone, 'e agora?');
		await stage.post('faults', { delay_ms: 200, times: 2 });
		const turn = takes(deps, id);
		await expect.poll(async () => (await callsOf(database, id)).length).toBe(4);
		await act(id);
		expect(await turn).toBe('taken_over');
		expect((await saidIn(database, id)).filter((line) => line.startsWith('ai:'))).toHaveLength(1);
	}
});

test('a worker that dies in the middle leaves a turn that is taken again: one answer', async () => {
	await publishAgent(database);
	const { id } = await customerWrites(database, 'bom dia');
	const deps = await stage.deps(database);
	const death = new AbortController();
	await stage.post('faults', { delay_ms: 2_000, times: 2 });
	const turn = takes(deps, id, death.signal);
	await expect.poll(async () => (await callsOf(database, id)).length).toBe(2);
	death.abort();
	await expect(turn).rejects.toThrow();
	await Promise.all([takes(deps, id), takes(deps, id)]);
	expect((await saidIn(database, id)).filter((line) => line.startsWith('ai:'))).toHaveLength(1);
	expect(await turnsIn(database, id)).toHaveLength(1);
});

test('no personal data leaves, and what comes back is put in its place', async () => {
	await publishAgent(database);
	const { id, phone } = await customerWrites(database, 'meu CPF é 529.982.247-25 e o e-mail ana@exemplo.com.br');
	await stage.post('answers', {
		content: 'Anotei o CPF [CPF_1] e o e-mail [EMAIL_1]. Código [CPF_9].',
		format: 'text'
	});
	await takes(await stage.deps(database), id);
	const left = JSON.stringify(stage.model.asked.map(({ body }) => body));
	for (const secret of ['529.982', '52998224725', 'ana@exemplo', phone]) expect(left).not.toContain(secret);
	expect(left).toContain('[CPF_1]');
	expect((await saidIn(database, id))[1]).toBe(
		'ai: Anotei o CPF 529.982.247-25 e o e-mail ana@exemplo.com.br. Código .'
	);
});
