import { parseFlow } from '@prosa/core/flows/flow.ts';
import { describe, expect, it } from 'vitest';
import { starters } from '../starters.ts';
import { factsOf, Trying } from './trial.ts';

const facts = factsOf({ id: 't', name: 'Padaria', timezone: 'America/Sao_Paulo', variables: {} }, true, []);
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

describe('what one can begin with', () => {
	it.each(starters.map(({ id, make }) => [id, make] as const))('%s runs as it stands', (_id, make) => {
		const { flow, faults } = parseFlow(make());
		expect(faults).toBeNull();
		if (!flow) return;
		const trial = new Trying(flow, facts, 7).begin('oi', at);
		expect(trial.lines.some(({ by }) => by === 'bot')).toBe(true);
		expect(trial.state.ended?.how).not.toBe('failed');
	});
});
