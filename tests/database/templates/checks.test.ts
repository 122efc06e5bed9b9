import { beforeAll, expect, test } from 'vitest';
import { SEND_CASES } from '../../../core/src/whatsapp/templates/cases.testing.ts';
import { stoppedBy } from '../../../core/src/whatsapp/templates/status.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { listed, readList } from './templates.ts';

const database = useDatabase();
let conversation: string;

beforeAll(async () => {
	conversation = (await customerWrites(database)).id;
	await database.owner`insert into private.channel_secrets values (${uuid('padaria channel')}, 'access_token', 'k1', ${Buffer.alloc(12)}, ${Buffer.alloc(4)})`;
	await readList(database, 'padaria', [listed('pedido_pronto'), listed('promocao', { category: 'MARKETING' })]);
});

/** What the database says of a template message in the conversation: its body, or code and detail. */
async function check(content: object): Promise<string> {
	try {
		const [answer] = await database.owner<{ body: string }[]>`
			select private.check_template(c, ${JSON.stringify({ kind: 'template', language: 'pt_BR', components: [], ...content })}::text::jsonb) as body
			from public.conversations c
			where c.id = ${conversation}`;
		return answer?.body ?? '';
	} catch (error) {
		const { message, detail } = error as { message: string; detail?: string };
		return [message, detail].filter(Boolean).join(': ');
	}
}

const ana = [{ type: 'body', parameters: [{ type: 'text', text: 'Ana' }] }];

test.each(SEND_CASES)(
	'the database says what the form says of $name',
	async ({ template, components, reads, fault }) => {
		const said = await database.owner<{ body: string }[]>`
		select private.render_template(
			${JSON.stringify(template.components)}::text::jsonb, ${template.parameter_format}, ${JSON.stringify(components)}::text::jsonb
		) as body`
			.then(([answer]) => ({ fault: null, body: answer?.body }))
			.catch(({ message, detail }: { message: string; detail: string }) => ({ fault: `${message}: ${detail}` }));
		expect(said).toEqual(fault ? { fault: `template_parameters_invalid: ${fault}` } : { fault: null, body: reads });
	}
);

test('a template that Meta approved reads as the customer will read it', async () => {
	expect(await check({ name: 'pedido_pronto', components: ana })).toBe('Oi, Ana! Seu pedido está pronto.');
	expect(await check({ name: 'pedido_pronto' })).toBe('template_parameters_invalid: body_count');
});

test('a name, a language or an id that the account does not have is no template', async () => {
	for (const content of [
		{ name: 'outro' },
		{ name: 'pedido_pronto', language: 'en' },
		{ name: 'pedido_pronto', template_id: uuid('somebody else’s') }
	])
		expect(await check({ components: ana, ...content })).toBe('template_not_found');
});

test('another company’s templates are not found, though they have the same name', async () => {
	await readList(database, 'oficina', [listed('revisao')]);
	expect(await check({ name: 'revisao', components: ana })).toBe('template_not_found');
});

test.each([
	[{ status: 'PENDING' }, 'pending'],
	[{ status: 'REJECTED' }, 'rejected'],
	[{ status: 'PAUSED' }, 'paused'],
	[{ status: 'PAUSED', paused_until: '2999-01-01T00:00:00Z' }, 'paused'],
	[{ status: 'PAUSED', paused_until: '2020-01-01T00:00:00Z' }, null],
	[{ status: 'DISABLED' }, 'disabled'],
	[{ status: 'DELETED' }, 'deleted'],
	[{ work: 'delete' }, 'pending_deletion'],
	[{ components: null }, 'unread'],
	[{ problem: { code: '132001' } }, 'refused'],
	[{ problem: { code: '132000' } }, null]
])('with %j it is stopped by %s, in the form and in the database', async (change, reason) => {
	const before = await database.owner`select * from public.templates where name = 'pedido_pronto'`;
	await database.owner`update public.templates set ${database.owner(change as Record<string, string>)} where name = 'pedido_pronto'`;
	const said = await check({ name: 'pedido_pronto', components: ana });
	expect(said).toBe(reason ? `template_not_sendable: ${reason}` : 'Oi, Ana! Seu pedido está pronto.');
	expect(
		stoppedBy({ ...(before[0] as never as Parameters<typeof stoppedBy>[0]), ...change } as never, Date.now())
	).toBe(reason);
	await database.owner`update public.templates set status = 'APPROVED', paused_until = null, work = null, problem = null, components = ${database.owner.json(before[0]?.components)} where name = 'pedido_pronto'`;
});

test('whoever stopped marketing gets none, and is still told about their order', async () => {
	await database.owner`update public.contacts set marketing_opt_out = true`;
	expect(await check({ name: 'promocao', components: ana })).toBe('template_not_sendable: opted_out');
	expect(await check({ name: 'pedido_pronto', components: ana })).toBe('Oi, Ana! Seu pedido está pronto.');
});
