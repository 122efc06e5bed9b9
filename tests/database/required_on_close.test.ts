import { beforeEach, expect, test } from 'vitest';
import { forgetRules, runsIn, writeRule } from './automation/rules.ts';
import { useDatabase } from './database.ts';
import { uuid } from './people.ts';
import { customerWrites, refusal, refusalDetail } from './threads.ts';

const database = useDatabase();

const define = (key: string, label: string, type: string, required_on_close: boolean) =>
	database.as('sofia', async (sql) => {
		const attribute = { subject: 'conversation', key, label, type, required_on_close };
		await sql`select public.save_attribute(${uuid('padaria')}, null, ${JSON.stringify(attribute)}::text::jsonb)`;
	});
const close = (id: string) => database.as('caio', (sql) => sql`select public.close_conversation(${id})`);
const fill = (id: string, key: string, value: unknown) =>
	database.as(
		'caio',
		(sql) => sql`select public.set_conversation_attribute(${id}, ${key}, ${JSON.stringify(value)}::text::jsonb)`
	);
const perform = async (ids: string[], actions: object[]) => {
	const [row] = await database.as(
		'caio',
		(sql) => sql<{ answer: { results: { outcome: string; code: string; detail: string; action: number }[] } }[]>`
			select public.perform_actions(${ids}, ${JSON.stringify(actions)}::text::jsonb) as answer`
	);
	return row?.answer.results ?? [];
};
const statusOf = async (id: string) =>
	(await database.owner<{ status: string }[]>`select status from public.conversations where id = ${id}`)[0]?.status;

beforeEach(async () => {
	await forgetRules(database);
	await database.owner`delete from public.attribute_definitions`;
	await define('reason', 'Motivo', 'text', true);
	await define('solved', 'Resolvido', 'boolean', true);
	await define('order', 'Pedido', 'number', false);
});

test('a conversation is closed once it says what its company asks for; a no is an answer too', async () => {
	const { id } = await customerWrites(database);
	expect(await refusal(close(id))).toBe('422 attributes_required');
	expect(await refusalDetail(close(id))).toBe('Motivo, Resolvido');
	await fill(id, 'reason', 'Troca');
	expect(await refusalDetail(close(id))).toBe('Resolvido');
	await fill(id, 'solved', false);
	await close(id);
	expect(await statusOf(id)).toBe('closed');
});

test('of many, those that say it are closed and the others are named with what they lack', async () => {
	const [said, silent] = [await customerWrites(database), await customerWrites(database)];
	await fill(said.id, 'reason', 'Troca');
	await fill(said.id, 'solved', true);
	const results = await perform([said.id, silent.id], [{ type: 'close' }]);
	expect(results).toContainEqual(expect.objectContaining({ conversation_id: said.id, outcome: 'done' }));
	expect(results).toContainEqual({
		conversation_id: silent.id,
		outcome: 'refused',
		code: 'attributes_required',
		detail: 'Motivo, Resolvido',
		action: 0
	});
});

test('what is filled in and closed in one go is both or neither', async () => {
	const { id } = await customerWrites(database);
	const reason = { type: 'set_conversation_attribute', key: 'reason', value: 'Troca' };
	expect(await perform([id], [reason, { type: 'close' }])).toMatchObject([{ outcome: 'refused', detail: 'Resolvido' }]);
	const [row] = await database.owner`select attributes from public.conversations where id = ${id}`;
	expect(row?.['attributes']).toEqual({});
	const solved = { type: 'set_conversation_attribute', key: 'solved', value: true };
	expect(await perform([id], [reason, solved, { type: 'close' }])).toMatchObject([{ outcome: 'done' }]);
	expect(await statusOf(id)).toBe('closed');
});

test('a macro that closes is refused whole, so that nothing is said twice when it is run again', async () => {
	const { id } = await customerWrites(database);
	const macro = {
		name: 'Agradecer e encerrar',
		actions: [{ type: 'send_text', text: 'Obrigado!' }, { type: 'close' }]
	};
	const [row] = await database.as(
		'caio',
		(sql) => sql<{ answer: { results: object[] } }[]>`
			with saved as (select (public.save_macro(${uuid('padaria')}, null, ${JSON.stringify(macro)}::text::jsonb)).id)
			select public.run_macro(saved.id, array[${id}]::uuid[]) as answer from saved`
	);
	expect(row?.answer.results).toMatchObject([{ outcome: 'refused', code: 'attributes_required', action: 1 }]);
	const said = await database.owner`select from public.messages where conversation_id = ${id} and direction = 'out'`;
	expect(said).toHaveLength(0);
});

test('a rule cannot ask: it leaves the conversation open and its run says what was missing', async () => {
	const rule = await writeRule(database, {
		name: 'Encerra o que é do robô',
		trigger: 'priority_changed',
		actions: [{ type: 'add_note', text: 'Encerrando' }, { type: 'close' }]
	});
	const { id } = await customerWrites(database);
	await database.as('caio', (sql) => sql`select public.set_priority(${id}, 2::smallint)`);
	expect(await statusOf(id)).toBe('open');
	expect(await runsIn(database, id)).toEqual([
		{
			rule_id: rule,
			outcome: 'partly',
			errors: [{ action: 1, code: 'attributes_required', detail: 'Motivo, Resolvido' }]
		}
	]);
});

test("what another company asks for, or what is asked of contacts, does not hold anybody's closing up", async () => {
	await database.owner`delete from public.attribute_definitions`;
	await database.owner`
		insert into public.attribute_definitions (tenant_id, subject, key, label, type, required_on_close)
		values (${uuid('oficina')}, 'conversation', 'plate', 'Placa', 'text', true)`;
	await define('reason', 'Motivo', 'text', false);
	const { id } = await customerWrites(database);
	await close(id);
	expect(await statusOf(id)).toBe('closed');
});
