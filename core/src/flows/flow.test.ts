import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFlow, isPublishable } from './check.ts';
import { parseFlow } from './flow.ts';
import { flow } from './samples.testing.ts';

const start = { id: 's', type: 'start' };
const end = { id: 'e', type: 'end' };
const valid = { format: 1, nodes: [start, end], edges: [{ from: 's', branch: 'next', to: 'e' }] };

test('an exported flow is read back as it was', () => {
	const { flow: read } = parseFlow(JSON.stringify(valid));
	expect(parseFlow(JSON.stringify(read)).flow).toEqual(read);
});

test.each<[string, unknown, string, string]>([
	['no JSON', '{"format": 1,', '@13', 'not_json'],
	['another format', { ...valid, format: 2 }, 'format', 'invalid_value'],
	['nothing', null, '', 'invalid_type'],
	['a list', [], '', 'invalid_type'],
	[
		'an unknown kind of node',
		{ ...valid, nodes: [start, { id: 'x', type: 'shell' }] },
		'nodes[1].type',
		'invalid_union'
	],
	[
		'a field that no node has',
		{ ...valid, nodes: [start, { ...end, run: 'rm -rf /' }] },
		'nodes[1].run',
		'unrecognized_keys'
	],
	[
		'an id that is more than an id',
		{ ...valid, nodes: [start, { ...end, id: 'a"b' }] },
		'nodes[1].id',
		'invalid_format'
	],
	['an id twice', { ...valid, nodes: [start, end, end] }, 'nodes[2].id', 'id_repeated'],
	['no start', { ...valid, nodes: [end], edges: [] }, 'nodes', 'start_missing'],
	[
		'a way out of a node twice',
		{
			...valid,
			nodes: [
				start,
				end,
				{
					id: 'm',
					type: 'buttons',
					text: 'Oi',
					options: [
						{ id: 'o', label: 'A' },
						{ id: 'o', label: 'B' }
					]
				}
			]
		},
		'nodes[2]',
		'branch_repeated'
	],
	['two starts', { ...valid, nodes: [start, end, { ...start, id: 't' }] }, 'nodes', 'start_repeated'],
	['a line to nowhere', { ...valid, edges: [{ from: 's', branch: 'next', to: 'x' }] }, 'edges[0].to', 'node_unknown'],
	['a way twice', { ...valid, edges: [...valid.edges, ...valid.edges] }, 'edges[1]', 'edge_repeated'],
	[
		'a variable that hides another',
		{ ...valid, variables: [{ name: 'contact', type: 'text' }] },
		'variables[0].name',
		'variable_name'
	],
	[
		'a place that may not be written',
		{ ...valid, nodes: [start, { id: 'x', type: 'set', set: [{ variable: 'tenant.name', to: null }] }] },
		'nodes[1].set[0].variable',
		'variable_name'
	],
	['a NUL', { ...valid, nodes: [start, { ...end, name: 'a\0b' }] }, 'nodes[1].name', 'characters_invalid'],
	['half a character', { ...valid, nodes: [start, { ...end, name: '\ud83d' }] }, 'nodes[1].name', 'characters_invalid'],
	[
		'a prototype',
		'{"format":1,"nodes":[{"id":"s","type":"start","__proto__":{"x":1}}],"edges":[]}',
		'nodes[0].__proto__',
		'key_forbidden'
	],
	[
		'a constructor',
		'{"format":1,"constructor":{"prototype":{}},"nodes":[],"edges":[]}',
		'constructor',
		'key_forbidden'
	],
	['a pit without a bottom', '['.repeat(100_000) + ']'.repeat(100_000), '[0]'.repeat(25), 'too_deep'],
	['a megabyte of nothing', ' '.repeat(1_000_001), '', 'too_large'],
	[
		'a crowd',
		{ ...valid, nodes: Array.from({ length: 501 }, (_, index) => ({ id: `n${index}`, type: 'end' })) },
		'nodes',
		'too_big'
	]
])('refuses %s, and says where', (_, json, path, code) => {
	const { faults } = parseFlow(json);
	expect(faults?.[0]).toMatchObject({ path, code });
});

test('a fault within a node names the node', () => {
	expect(parseFlow({ ...valid, nodes: [start, { ...end, close: 'yes' }] }).faults).toEqual([
		{ path: 'nodes[1].close', code: 'invalid_type', node: 'e' }
	]);
});

test('whatever JSON it is given, it answers', () => {
	fc.assert(
		fc.property(fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.json(), fc.string()), (json) => {
			const { flow: read, faults } = parseFlow(json);
			expect((read === null) !== (faults === null)).toBe(true);
		}),
		{ numRuns: 500 }
	);
});

test('a valid flow with anything in the place of anything is read or refused, never half read', () => {
	const nodes = [start, { id: 'q', type: 'buttons', text: 'Oi', options: [{ id: 'a', label: 'A' }], timeout: 60 }, end];
	const whole = {
		format: 1,
		nodes,
		edges: [{ from: 's', branch: 'next', to: 'q' }],
		variables: [{ name: 'x', type: 'text' }]
	};
	const places: (readonly (string | number)[])[] = [];
	const walk = (value: unknown, path: (string | number)[]) => {
		places.push(path);
		if (typeof value === 'object' && value !== null)
			for (const [key, item] of Object.entries(value)) walk(item, [...path, Array.isArray(value) ? Number(key) : key]);
	};
	walk(whole, []);
	fc.assert(
		fc.property(fc.constantFrom(...places.slice(1)), fc.jsonValue(), (path, value) => {
			const changed: unknown = structuredClone(whole);
			const last = path.at(-1) ?? '';
			const at = path
				.slice(0, -1)
				.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], changed);
			(at as Record<string | number, unknown>)[last] = value;
			const { flow: read, faults } = parseFlow(changed);
			if (read) expect(() => checkFlow(read)).not.toThrow();
			else expect(faults?.length).toBeGreaterThan(0);
		}),
		{ numRuns: 500 }
	);
});

describe('the problems of a draft', () => {
	const codes = (nodes: object[], lines: string[], variables: object[] = [], known = {}) =>
		checkFlow(flow(nodes, lines, variables), known).map(({ code, node, detail }) =>
			[code, node, detail].filter(Boolean).join(' ')
		);

	test('a whole flow has none', () => expect(checkFlow(flow([start, end], ['s > e']))).toEqual([]));

	test('what nothing leads to, and what leads nowhere', () => {
		const menu = {
			id: 'm',
			type: 'buttons',
			text: 'Oi',
			options: [
				{ id: 'a', label: 'Sim' },
				{ id: 'b', label: 'Não' }
			]
		};
		expect(
			codes([start, menu, end, { id: 'x', type: 'message', text: 'Oi' }], ['s > m', 'm:a > e', 'm:gone > e'])
		).toEqual(['branch_missing m Não', 'branch_unknown m gone', 'unreachable x', 'branch_missing x next']);
	});

	test('what WhatsApp would refuse', () => {
		const options = ['Um nome de botão longo demais', 'B', 'b', ''].map((label, index) => ({ id: `o${index}`, label }));
		const lines = options.map(({ id }) => `m:${id} > e`);
		expect(
			codes(
				[start, { id: 'm', type: 'buttons', text: 'x'.repeat(1_025), options, footer: 'y'.repeat(61) }, end],
				['s > m', ...lines]
			)
		).toEqual([
			'text_too_long m 1024',
			'footer_too_long m',
			'buttons_too_many m',
			'option_too_long m Um nome de botão longo demais',
			'option_repeated m b',
			'option_empty m'
		]);
	});

	test('variables that are none, in texts, expressions and addresses', () => {
		expect(
			codes(
				[
					start,
					{ id: 'm', type: 'message', text: 'Oi {{nome}} {{contact.name}} {{contact.plano}} {{ }} {{x' },
					{
						id: 'c',
						type: 'set',
						set: [
							{ variable: 'n', to: { expression: 'idade + contact.vezes' } },
							{ variable: 'n', to: { expression: '1 +' } }
						]
					},
					{ id: 'h', type: 'http', method: 'GET', url: 'https://{{host}}/x', body: '' },
					end
				],
				['s > m', 'm > c', 'c > h', 'h > e'],
				[{ name: 'n', type: 'number' }],
				{ contactAttributes: new Set(['plano']) }
			)
		).toEqual([
			'variable_name m',
			'variable_name m {{',
			'variable_unknown m nome',
			'variable_name m',
			'variable_unknown c idade',
			'variable_unknown c contact.vezes',
			expect.stringMatching(/^expression_invalid c /),
			'address_invalid h',
			'variable_unknown h host'
		]);
	});

	test('a circle in which nothing waits', () => {
		const nodes = [
			start,
			{ id: 'a', type: 'message', text: 'Oi' },
			{ id: 'b', type: 'set', set: [{ variable: 'n', to: null }] }
		];
		const problems = checkFlow(flow(nodes, ['s > a', 'a > b', 'b > a'], [{ name: 'n', type: 'number' }]));
		expect(problems.map(({ code, node }) => `${code} ${node}`)).toEqual(['endless a', 'endless b']);
		expect(isPublishable(problems)).toBe(false);
	});
});
