import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { claim, customerWrites, refusal, refusalDetail, send, settle } from '../threads.ts';

const database = useDatabase();

async function approved(name: string, status = 'APPROVED'): Promise<void> {
	const components = [{ type: 'BODY', text: 'Olá {{1}}, seu pedido chegou.' }];
	await database.owner`
		insert into public.templates (tenant_id, waba_id, name, language, external_id, category, status, components)
		select tenant_id, waba_id, ${name}, 'pt_BR', ${name}, 'UTILITY', ${status}, ${database.owner.json(components)}
		from public.channels where id = ${uuid('padaria channel')}`;
}
const template = (name: string, ...values: string[]) => ({
	kind: 'template',
	name,
	language: 'pt_BR',
	components: [{ type: 'body', parameters: values.map((text) => ({ type: 'text', text })) }]
});
const late = async () => {
	const { id } = await customerWrites(database);
	await database.owner`update public.conversations set window_expires_at = now() where id = ${id}`;
	return id;
};

test('a template goes out when the window is closed, and reads as it will', async () => {
	await approved('pedido');
	const id = await late();
	const message = await send(database, 'caio', id, template('pedido', 'Ana'));
	expect(message).toMatchObject({ kind: 'template', body: 'Olá Ana, seu pedido chegou.', status: 'queued' });
	const [row] = await database.owner`select preview, preview_kind from public.conversations where id = ${id}`;
	expect(row).toEqual({ preview: 'Olá Ana, seu pedido chegou.', preview_kind: 'template' });
});

test('one that is not there, may not go or lacks a value is refused before it is queued', async () => {
	await approved('pausado', 'DISABLED');
	await approved('completo');
	const id = await late();
	expect(await refusal(send(database, 'caio', id, template('nenhum')))).toBe('404 template_not_found');
	expect(await refusal(send(database, 'caio', id, template('pausado', 'Ana')))).toBe('409 template_not_sendable');
	expect(await refusal(send(database, 'caio', id, template('completo')))).toBe('422 template_parameters_invalid');
	expect(await refusalDetail(send(database, 'caio', id, { ...template('completo'), components: 'none' }))).toBe(
		'value_invalid'
	);
});

test('a template that failed may be tried again outside the window, while it may still be sent', async () => {
	await approved('outra_vez');
	const id = await late();
	const message = await send(database, 'caio', id, template('outra_vez', 'Ana'));
	const fail = async () => {
		const attempt = await claim(database, id);
		if (!attempt) throw new Error('nothing waits');
		await settle(database, attempt, {
			result: 'failed',
			error: { code: 131026, title: 'x', details: null }
		});
	};
	const retry = () => database.as('caio', (sql) => sql`select status from public.retry_message(${message.id})`);
	await fail();
	expect(await retry()).toEqual([{ status: 'queued' }]);
	await fail();
	await database.owner`update public.templates set status = 'DISABLED' where name = 'outra_vez'`;
	expect(await refusal(retry())).toBe('409 template_not_sendable');
});
