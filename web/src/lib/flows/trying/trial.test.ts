import { checkFlow } from '@prosa/core/flows/check.ts';
import { parseFlow } from '@prosa/core/flows/flow.ts';
import { describe, expect, it } from 'vitest';
import { heightOf, WIDTH } from '../canvas/size.ts';
import { starters } from '../starters.ts';
import { calledBy } from './called.ts';
import { factsOf, onDrawing, Trying } from './trial.ts';

const facts = factsOf({ id: 't', name: 'Padaria', timezone: 'America/Sao_Paulo', variables: {} }, true, []);
const none: ReadonlySet<string> = new Set();
const at = Date.parse('2026-11-20T15:00:00Z');

function trying(nodes: object[], edges: object[], variables: object[] = []) {
	const { flow, faults } = parseFlow({ format: 1, nodes, edges, variables });
	if (!flow) throw new Error(JSON.stringify(faults));
	return new Trying(flow, facts, 7);
}

describe('trying a drawing', () => {
	const ask = trying(
		[
			{ id: 's', type: 'start' },
			{
				id: 'b',
				type: 'buttons',
				text: 'Oi, {{contact.first_name}}',
				options: [{ id: 'x', label: 'Pedido' }],
				timeout: 60
			},
			{ id: 'q', type: 'question', text: 'Seu nome?', answer: { kind: 'name' }, save_as: 'nome' },
			{ id: 'e', type: 'end' }
		],
		[
			{ from: 's', branch: 'next', to: 'b' },
			{ from: 'b', branch: 'x', to: 'q' },
			{ from: 'b', branch: 'timeout', to: 'e' },
			{ from: 'q', branch: 'next', to: 'e' }
		],
		[{ name: 'nome', type: 'text' }]
	);

	it('says what a customer would read, and takes taps and words', () => {
		const begun = ask.begin('oi', at);
		expect(begun.lines.at(-1)).toMatchObject({
			by: 'bot',
			text: 'Oi, Maria',
			choices: [{ id: 'b:x', label: 'Pedido' }]
		});
		const tapped = ask.say(begun, 'Pedido', 'b:x');
		expect(tapped.lines.at(-1)).toMatchObject({ by: 'bot', text: 'Seu nome?' });
		const named = ask.say(tapped, 'Ana Lima');
		expect(named.state.variables).toEqual({ nome: 'Ana Lima' });
		expect(named.state.ended).toEqual({ how: 'completed' });
		expect(named.visits.map(({ node }) => node)).toContain('q');
	});

	it('lets time go by', () => {
		const waited = ask.skip(ask.begin('oi', at));
		expect(waited.state.ended).toEqual({ how: 'completed' });
	});

	it('answers for the machine that is asked', () => {
		const http = trying(
			[
				{ id: 's', type: 'start' },
				{ id: 'h', type: 'http', method: 'GET', url: 'https://example.com', save: [{ variable: 'v', path: 'a' }] },
				{ id: 'm', type: 'message', text: 'Valor {{v}}' },
				{ id: 'f', type: 'message', text: 'Falhou' },
				{ id: 'e', type: 'end' }
			],
			[
				{ from: 's', branch: 'next', to: 'h' },
				{ from: 'h', branch: 'next', to: 'm' },
				{ from: 'h', branch: 'error', to: 'f' },
				{ from: 'm', branch: 'next', to: 'e' },
				{ from: 'f', branch: 'next', to: 'e' }
			],
			[{ name: 'v', type: 'text' }]
		);
		const asked = http.begin('oi', at);
		const texts = (trial: typeof asked) => trial.lines.flatMap((line) => (line.by === 'bot' ? [line.text] : []));
		expect(texts(http.answer(asked, { ok: true, status: 200, body: { a: '12' } }))).toEqual(['Valor 12']);
		expect(texts(http.answer(asked, { ok: false, code: 'timeout' }))).toEqual(['Falhou']);
	});
});

describe('a drawing that calls other flows', () => {
	const [menu, survey] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
	const made = (nodes: object[], edges: object[]) => {
		const { flow, faults } = parseFlow({ format: 1, nodes: [{ id: 's', type: 'start' }, ...nodes], edges });
		if (!flow) throw new Error(JSON.stringify(faults));
		return flow;
	};
	const calling = (flow_id: string) =>
		made(
			[
				{ id: 'c', type: 'flow', flow_id },
				{ id: 'm', type: 'message', text: 'De volta' }
			],
			[
				{ from: 's', branch: 'next', to: 'c' },
				{ from: 'c', branch: 'next', to: 'm' }
			]
		);
	const published = new Map([
		[menu, calling(survey)],
		[
			survey,
			made(
				[{ id: 'q', type: 'question', text: 'Seu nome?', answer: { kind: 'name' }, save_as: 'contact.nome' }],
				[{ from: 's', branch: 'next', to: 'q' }]
			)
		]
	]);
	const asked: string[] = [];
	const read = (id: string) => {
		asked.push(id);
		return Promise.resolve(published.get(id) ?? null);
	};

	it('runs them as they are published, and stands on the block that called', async () => {
		const draft = calling(menu);
		const called = await calledBy(draft, read);
		expect(asked).toEqual([menu, survey]);
		const within = new Trying(draft, facts, 7, called).begin('oi', at);
		expect(within.lines.at(-1)).toMatchObject({ by: 'bot', text: 'Seu nome?' });
		expect(onDrawing(within)).toEqual({ visited: new Set(['s', 'c']), current: 'c' });
		const back = new Trying(draft, facts, 7, called).say(within, 'Ana');
		expect(back.lines.flatMap((line) => (line.by === 'bot' ? [line.text] : []))).toEqual([
			'Seu nome?',
			'De volta',
			'De volta'
		]);
		expect(onDrawing(back).visited).toEqual(new Set(['s', 'c', 'm']));
	});

	it('ends where one is not published, and asks for flows in a circle once', async () => {
		const gone = '33333333-3333-4333-8333-333333333333';
		expect((await calledBy(calling(gone), read)).size).toBe(0);
		expect(new Trying(calling(gone), facts, 7).begin('oi', at).state.ended).toMatchObject({
			how: 'failed',
			code: 'flow_missing'
		});
		const circle = new Map([
			[menu, calling(survey)],
			[survey, calling(menu)]
		]);
		const times: string[] = [];
		const found = await calledBy(calling(menu), (id) => {
			times.push(id);
			return Promise.resolve(circle.get(id) ?? null);
		});
		expect(times).toEqual([menu, survey]);
		expect(new Trying(calling(menu), facts, 7, found).begin('oi', at).state.ended).toMatchObject({
			how: 'failed',
			code: 'loop'
		});
	});
});

describe('what one can begin with', () => {
	it.each(starters.map(({ id, make }) => [id, make] as const))('%s runs as it stands', (_id, make) => {
		const { flow, faults } = parseFlow(make());
		expect(faults).toBeNull();
		if (!flow) return;
		const trial = new Trying(flow, facts, 7).begin('oi', at);
		expect(trial.lines.some(({ by }) => by === 'bot')).toBe(true);
		expect(trial.state.ended?.how).not.toBe('failed');
		// Nothing is left to be filled in: it is published as it stands, where the integration that it names is on.
		const known = { flows: none, teams: none, tags: none, templates: none, modules: new Set(['sgp']) };
		expect(checkFlow(flow, known)).toEqual([]);
		expect(checkFlow(flow, { ...known, modules: none }).every(({ code }) => code === 'module_off')).toBe(true);
	});

	it.each(starters.map(({ id, make }) => [id, make] as const))(
		'%s is drawn with no block over another',
		(_id, make) => {
			const { flow } = parseFlow(make());
			const boxes = flow?.nodes.map((node) => ({
				id: node.id,
				...node.position,
				bottom: node.position.y + heightOf(node)
			}));
			for (const one of boxes ?? [])
				for (const other of boxes ?? [])
					if (one.id < other.id && Math.abs(one.x - other.x) < WIDTH)
						expect(`${one.id} and ${other.id}: ${one.y < other.bottom && other.y < one.bottom}`).toMatch(/false$/);
		}
	);
});
