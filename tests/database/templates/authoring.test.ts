import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { listed, readList, row, wabaOf } from './templates.ts';

const database = useDatabase();
const channel = uuid('padaria channel');

beforeAll(async () => {
	await database.owner`insert into private.channel_secrets values (${channel}, 'access_token', 'k1', ${Buffer.alloc(12)}, ${Buffer.alloc(4)})`;
});

const draft = (name: string, more: object = {}) => ({
	name,
	language: 'pt_BR',
	category: 'UTILITY',
	parameter_format: 'POSITIONAL',
	components: [{ type: 'BODY', text: 'Oi!' }],
	...more
});

async function save(person: 'ana' | 'sofia' | 'caio' | 'bruno', template: object, id: string | null = null) {
	const [saved] = await database.as(
		person,
		(sql) => sql<{ id: string }[]>`
			select * from public.save_template(${channel}, ${id}, ${JSON.stringify(template)}::text::jsonb)`
	);
	return saved?.id ?? '';
}

const submit = (id: string) => database.as('ana', (sql) => sql`select * from public.submit_template(${id})`);
const settle = (id: string, outcome: object) =>
	database.worker`select private.settle_template_work(${id}, now(), ${JSON.stringify(outcome)}::text::jsonb)`;
const refusal = (work: Promise<unknown>) =>
	work.then(
		() => 'done',
		({ message, detail }: { message: string; detail?: string }) => [message, detail].filter(Boolean).join(': ')
	);

test('an incomplete draft is kept and can be gone on with, by supervisors too; an agent only reads', async () => {
	const id = await save('sofia', draft('boas_vindas', { components: [] }));
	await save('ana', draft('boas_vindas_2'), id);
	expect(await row(database, 'boas_vindas_2')).toMatchObject({ id, status: 'DRAFT', external_id: null });
	expect(await refusal(save('caio', draft('outro')))).toContain('not_allowed');
	const seen = await database.as('caio', (sql) => sql`select name from public.templates`);
	expect(seen).toContainEqual({ name: 'boas_vindas_2' });
	expect(await refusal(save('bruno', draft('outro')))).toBe('channel_not_found');
});

test.each([
	[{ name: 'Boas Vindas' }, 'name_invalid'],
	[{ language: 'português' }, 'language_invalid'],
	[{ category: 'SPAM' }, 'category_missing'],
	[{ components: {} }, 'components_invalid'],
	[{ parameter_format: 'OTHER' }, 'components_invalid']
])('what no template can be is not even a draft: %j', async (more, fault) => {
	expect(await refusal(save('ana', draft('x', more)))).toBe(`template_invalid: ${fault}`);
});

test('one name has one template a language', async () => {
	await save('ana', draft('unico'));
	expect(await refusal(save('ana', draft('unico')))).toBe('template_exists');
	await save('ana', draft('unico', { language: 'en_US' }));
});

test.each([
	[[], 'body_length'],
	[[{ type: 'BODY', text: '  ' }], 'body_length'],
	[[{ type: 'BODY', text: 'x'.repeat(1_025) }], 'body_length'],
	[
		[
			{ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(61) },
			{ type: 'BODY', text: 'Oi' }
		],
		'header_length'
	],
	[
		[
			{ type: 'BODY', text: 'Oi' },
			{ type: 'FOOTER', text: 'x'.repeat(61) }
		],
		'footer_length'
	],
	[
		[
			{ type: 'BODY', text: 'Oi' },
			{ type: 'BUTTONS', buttons: [] }
		],
		'buttons_count'
	],
	[
		[
			{ type: 'BODY', text: 'Oi' },
			{ type: 'BUTTONS', buttons: [{ text: 'x'.repeat(26) }] }
		],
		'button_text_length'
	],
	[
		[
			{ type: 'BODY', text: 'Oi' },
			{ type: 'CAROUSEL', cards: [{}] }
		],
		'carousel_count'
	]
])('what Meta would refuse is not handed in: %j', async (components, fault) => {
	const id = await save('ana', draft('recusado', { components }));
	expect(await refusal(submit(id))).toBe(`template_invalid: ${fault}`);
	await database.as('ana', (sql) => sql`select public.delete_template(${id})`);
});

test('a draft that is handed in twice is one job, and cannot be changed meanwhile', async () => {
	const id = await save('ana', draft('uma_vez'));
	await submit(id);
	await submit(id);
	const jobs = await database.owner`select from graphile_worker.jobs where key = ${`template:${id}`}`;
	expect(jobs).toHaveLength(1);
	expect(await refusal(save('ana', draft('uma_vez'), id))).toBe('template_busy');
});

test('a refusal leaves the draft, says why, and it can be handed in again', async () => {
	const id = await save('ana', draft('teimoso'));
	await submit(id);
	await settle(id, { result: 'refused', error: { code: 100, subcode: 2388293, title: 'too many', details: null } });
	expect(await row(database, 'teimoso')).toMatchObject({
		work: null,
		status: 'DRAFT',
		refusal: { work: 'submit', subcode: 2388293 },
		draft: { components: [{ text: 'Oi!' }] }
	});
	await submit(id);
	expect(await row(database, 'teimoso')).toMatchObject({ work: 'submit', refusal: null });
});

test('what Meta takes is in review, and a notice that overtook its answer holds', async () => {
	const id = await save('ana', draft('em_analise'));
	await submit(id);
	await settle(id, { result: 'done', external_id: '901', status: 'PENDING', category: 'MARKETING' });
	expect(await row(database, 'em_analise')).toMatchObject({
		external_id: '901',
		status: 'PENDING',
		category: 'MARKETING',
		draft: null,
		components: [{ text: 'Oi!' }]
	});

	const early = await save('ana', draft('aprovado_antes'));
	await submit(early);
	const notice = {
		event: 'APPROVED',
		message_template_id: 902,
		message_template_name: 'aprovado_antes',
		message_template_language: 'pt_BR'
	};
	await database.owner`select private.apply_template_notice(${uuid('padaria')}, ${channel}, 'message_template_status_update', ${JSON.stringify(notice)}::text::jsonb, now())`;
	await settle(early, { result: 'done', external_id: '902', status: 'PENDING', category: 'UTILITY' });
	expect(await row(database, 'aprovado_antes')).toMatchObject({ status: 'APPROVED', external_id: '902', draft: null });
});

test('an edit of what is in use waits beside it, and can be taken back', async () => {
	await readList(database, 'padaria', [listed('em_uso')]);
	const before = await row(database, 'em_uso');
	await save('ana', draft('em_uso', { components: [{ type: 'BODY', text: 'Novo texto' }] }), before?.id);
	expect(await row(database, 'em_uso')).toMatchObject({
		components: before?.components,
		status: 'APPROVED',
		draft: { components: [{ text: 'Novo texto' }] }
	});
	await readList(database, 'padaria', [listed('em_uso')]);
	expect(await row(database, 'em_uso')).toMatchObject({ draft: { components: [{ text: 'Novo texto' }] } });
	await database.as('ana', (sql) => sql`select public.discard_template_draft(${before?.id})`);
	expect(await row(database, 'em_uso')).toMatchObject({ draft: null });
	expect(await refusal(submit(before?.id))).toBe('template_nothing_to_submit');
});

test('a draft is forgotten at once, what Meta knows when Meta has forgotten it; its name is free again', async () => {
	const id = await save('ana', draft('rascunho'));
	await database.as('ana', (sql) => sql`select public.delete_template(${id})`);
	expect(await row(database, 'rascunho')).toBeUndefined();

	await readList(database, 'padaria', [listed('velho')]);
	const old = await row(database, 'velho');
	await database.as('ana', (sql) => sql`select public.delete_template(${old?.id})`);
	expect(await row(database, 'velho')).toMatchObject({ work: 'delete', status: 'APPROVED' });
	await settle(old?.id, { result: 'done' });
	expect(await row(database, 'velho')).toMatchObject({ work: null, status: 'DELETED' });
	await save('ana', draft('velho'));
	expect(await row(database, 'velho')).toMatchObject({ id: old?.id, status: 'DRAFT', external_id: null });
});

test('asking for the list again and again asks Meta once', async () => {
	const ask = () =>
		database.as('ana', (sql) => sql<{ status: string }[]>`select * from public.sync_templates(${channel})`);
	expect((await ask())[0]).toMatchObject({ waba_id: wabaOf('padaria') });
	await ask();
	const jobs = await database.owner`
		select from graphile_worker.jobs where task_identifier = 'templates__sync' and key = ${`templates:${uuid('padaria')}:${wabaOf('padaria')}`}`;
	expect(jobs).toHaveLength(1);
});
