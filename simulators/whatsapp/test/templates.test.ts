import { describe, expect, test } from 'vitest';
import { AN_ORDER, PADARIA, stage, WABA, type Stage } from './stage.ts';

const LIST = `/v26.0/${WABA}/message_templates`;
const draft = (name: string, more: object = {}) => ({
	name,
	language: 'pt_BR',
	category: 'UTILITY',
	components: [
		{ type: 'BODY', text: 'Oi, {{1}}! Seu pão sai às {{2}} em ponto.', example: { body_text: [['Ana', '9h']] } }
	],
	...more
});

/** The notices of a field that have arrived, with the time of their entry. */
const notices = ({ door }: Stage, field: string) =>
	door.arrivals.flatMap(({ body }) =>
		body.entry.flatMap(({ time, changes }) =>
			changes.filter((change) => change.field === field).map(({ value }) => ({ time, ...value }))
		)
	) as Record<string, unknown>[];

describe('the list of templates', () => {
	test('comes in pages, each with the cursor of the next', async () => {
		const { graph } = await stage();
		const names: string[] = [];
		let after = '';
		for (let page = 0; page < 20; page++) {
			const { body } = await graph('GET', `${LIST}?limit=4&fields=name,status,quality_score&after=${after}`);
			const { data, paging } = body as never as {
				data: { id: string; name: string }[];
				paging: { cursors: { after: string }; next?: string };
			};
			names.push(...data.map(({ name }) => name));
			after = paging.cursors.after;
			if (!paging.next) break;
		}
		expect(names).toHaveLength(9);
		expect(new Set(names).size).toBe(9);
	});

	test('is the account’s own', async () => {
		const { graph } = await stage();
		expect((await graph('GET', LIST, undefined, 'demo-token-oficina')).body.error?.code).toBe(100);
		expect((await graph('GET', `${LIST}?fields=colour`)).body.error?.code).toBe(100);
	});
});

describe('a new template', () => {
	test('is reviewed a moment later, and the account is told at a time of its own', async () => {
		const all = await stage();
		const { graph, until } = all;
		const created = await graph('POST', LIST, draft('pao_quente'));
		expect(created.body).toMatchObject({ status: 'PENDING', category: 'UTILITY' });
		await until('it was approved', () => notices(all, 'message_template_status_update').length === 1);
		expect(notices(all, 'message_template_status_update')[0]).toMatchObject({
			event: 'APPROVED',
			message_template_name: 'pao_quente',
			message_template_language: 'pt_BR',
			time: expect.any(Number) as number
		});
		expect((await graph('GET', `/v26.0/${String(created.body['id'])}?fields=status`)).body).toMatchObject({
			status: 'APPROVED'
		});
	});

	test('whose name asks for it waits until somebody judges it', async () => {
		const all = await stage();
		const waiting = await all.graph('POST', LIST, draft('em_espera'));
		await all.graph('POST', LIST, draft('pao_quente'));
		await all.until('the other was approved', () => notices(all, 'message_template_status_update').length === 1);
		const { id } = waiting.body;
		expect((await all.graph('GET', `/v26.0/${String(id)}?fields=status`)).body).toMatchObject({ status: 'PENDING' });
	});

	test('whose name asks for it is rejected, with what to do about it', async () => {
		const all = await stage();
		await all.graph('POST', LIST, draft('reject_me'));
		await all.until('it was rejected', () => notices(all, 'message_template_status_update').length === 1);
		expect(notices(all, 'message_template_status_update')[0]).toMatchObject({
			event: 'REJECTED',
			reason: 'INVALID_FORMAT',
			rejection_info: { recommendation: expect.any(String) as string }
		});
	});

	test.each([
		[
			{ components: [{ type: 'BODY', text: '{{1}} chegou, venha logo buscar.', example: { body_text: [['Pão']] } }] },
			2388299
		],
		[
			{ components: [{ type: 'BODY', text: 'Oi, {{1}}, {{2}} e {{3}}!', example: { body_text: [['a', 'b', 'c']] } }] },
			2388293
		],
		[{ components: [{ type: 'BODY', text: 'x'.repeat(1_025) }] }, 2388040],
		[{ components: [{ type: 'BODY', text: 'Oi, {{1}}, seu pão já está quente.' }] }, 2388043],
		[
			{
				components: [
					{ type: 'BODY', text: 'Oi' },
					{ type: 'FOOTER', text: 'Até {{1}}' }
				]
			},
			2388073
		],
		[{ name: 'pedido_confirmado' }, 2388024]
	])('that breaks a rule is refused with Meta’s subcode: %j', async (more, subcode) => {
		const { graph } = await stage();
		const { status, body } = await graph('POST', LIST, draft('quebrado', more));
		expect(status).toBe(400);
		expect(body.error).toMatchObject({
			code: 100,
			error_subcode: subcode,
			error_user_msg: expect.any(String) as string
		});
	});

	test('may show a sample, given by its handle', async () => {
		const { graph, simulator } = await stage();
		const bytes = 'a picture';
		const opened = await graph(
			'POST',
			`/v26.0/670843887433847/uploads?file_name=a.png&file_length=${bytes.length}&file_type=image/png`
		);
		const taken = await fetch(`${simulator.url}/v26.0/${String(opened.body['id'])}`, {
			method: 'POST',
			headers: { authorization: 'OAuth demo-token-padaria', file_offset: '0' },
			body: bytes
		});
		const { h } = (await taken.json()) as { h: string };
		const components = [
			{ type: 'HEADER', format: 'IMAGE', example: { header_handle: [h] } },
			{ type: 'BODY', text: 'Veja.' }
		];
		expect((await graph('POST', LIST, draft('com_foto', { components }))).status).toBe(200);
	});
});

describe('a template that is there', () => {
	const idOf = async ({ control }: Stage, name: string) => {
		const { body } = await control(`/templates?waba_id=${WABA}`);
		return (body as never as { id: string; name: string }[]).find((one) => one.name === name)?.id ?? '';
	};

	test('is edited and reviewed again, and deleted by name and id', async () => {
		const all = await stage();
		const { graph, until } = all;
		const id = await idOf(all, 'pedido_confirmado');
		const components = [{ type: 'BODY', text: 'Pedido anotado!' }];
		expect((await graph('POST', `/v26.0/${id}`, { components })).body).toMatchObject({ success: true });
		await until('it was approved again', () => notices(all, 'message_template_status_update').length === 1);
		expect((await graph('DELETE', `${LIST}?name=pedido_confirmado&hsm_id=${id}`)).body).toEqual({ success: true });
		expect((await graph('DELETE', `${LIST}?name=pedido_confirmado&hsm_id=${id}`)).body.error).toMatchObject({
			error_subcode: 2593002
		});
	});

	test('of red quality is paused for three hours, then for six, then disabled; each is told', async () => {
		const all = await stage();
		const id = await idOf(all, 'pedido_confirmado');
		const titles = () =>
			notices(all, 'message_template_status_update').map(({ event, other_info }) => [
				event,
				(other_info as { title: string } | undefined)?.title
			]);
		for (let time = 1; time <= 3; time++) {
			await all.control(`/templates/${id}`, { action: 'quality', quality: 'RED' });
			await all.until('it was told', () => notices(all, 'message_template_quality_update').length === time);
			await all.until('the pause was told', () => titles().length === 2 * time - 1);
			if (time < 3) await all.control(`/templates/${id}`, { action: 'unpause' });
			if (time < 3) await all.until('its end was told', () => titles().length === 2 * time);
		}
		expect(titles()).toEqual([
			['PAUSED', 'FIRST_PAUSE'],
			['REINSTATED', 'UNPAUSE'],
			['PAUSED', 'SECOND_PAUSE'],
			['REINSTATED', 'UNPAUSE'],
			['DISABLED', undefined]
		]);
	});

	test('changes its category, announced a day before', async () => {
		const all = await stage();
		const id = await idOf(all, 'pedido_confirmado');
		await all.control(`/templates/${id}`, { action: 'announce_category', category: 'MARKETING' });
		await all.until('it was announced', () => notices(all, 'template_category_update').length === 1);
		await all.control(`/templates/${id}`, { action: 'category', category: 'MARKETING' });
		await all.until('both were told', () => notices(all, 'template_category_update').length === 2);
		expect(notices(all, 'template_category_update')).toMatchObject([
			{
				new_category: 'UTILITY',
				correct_category: 'MARKETING',
				category_update_timestamp: expect.any(Number) as number
			},
			{ previous_category: 'UTILITY', new_category: 'MARKETING' }
		]);
	});
});

describe('a send', () => {
	const withBody = (...texts: string[]) => ({
		...AN_ORDER,
		components: [AN_ORDER.components[0], { type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }]
	});

	test.each([
		['a name nobody submitted', { ...AN_ORDER, name: 'outro' }, 132001],
		['a language it does not have', { ...AN_ORDER, language: { code: 'en_US' } }, 132001],
		['one that was rejected', { name: 'promocao_relampago', language: { code: 'pt_BR' } }, 132001],
		['one that is paused', { name: 'pesquisa_de_satisfacao', language: { code: 'pt_BR' } }, 132015],
		['a value too few', withBody('Marina'), 132000],
		['a value of two lines', withBody('Marina', 'às\n9h'), 132012],
		['values that are too long', withBody('Marina', 'x'.repeat(1_020)), 132005]
	])('of %s is refused', async (_name, template, code) => {
		const { send } = await stage();
		expect((await send({ type: 'template', template })).body.error?.code).toBe(code);
	});

	test('of one that was disabled is refused', async () => {
		const { send, control, simulator } = await stage();
		const [template] = simulator.world.templates.named(WABA, AN_ORDER.name);
		await control(`/templates/${template?.id}`, { action: 'disable' });
		expect((await send({ type: 'template', template: AN_ORDER }, PADARIA)).body.error?.code).toBe(132016);
	});

	test('is charged by the template’s category', async () => {
		const { sent, door, until } = await stage();
		await sent({ type: 'template', template: AN_ORDER });
		await until('it was delivered', () => door.statuses().some(({ status }) => status === 'delivered'));
		expect(door.statuses()[0]?.pricing).toMatchObject({ category: 'utility' });
	});
});
