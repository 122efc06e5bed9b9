import { expect, test } from 'vitest';
import { under } from '../modules/address.ts';
import { AgentConfig } from './agent.ts';
import { HttpTool, inputOf, requestOf } from './http_tools.ts';

const connection = '11111111-1111-4111-8111-111111111111';
const tool = (more: object = {}) =>
	HttpTool.parse({
		name: 'look_up_order',
		description: 'Finds an order',
		connection,
		path: '/orders/{order}',
		parameters: [
			{ name: 'order', type: 'text' },
			{ name: 'detail', type: 'choice', choices: ['short', 'long'], required: false }
		],
		...more
	});

test('what has a place in the path stands there, encoded whole, and the rest is asked in the query', () => {
	expect(requestOf(tool(), { order: 'A/1 ?x', detail: 'short' })).toMatchObject({
		method: 'GET',
		url: '/orders/A%2F1%20%3Fx?detail=short',
		body: '',
		connection
	});
	expect(requestOf(tool({ method: 'POST' }), { order: '7', detail: 'long' })).toMatchObject({
		url: '/orders/7',
		body: '{"detail":"long"}',
		headers: { 'content-type': 'application/json' },
		retries: 0
	});
});

test.each(['..', '../admin', '%2e%2e', '.', 'a/../../b'])('%j in a path leads nowhere else', (order) => {
	const url = under('https://api.example/v1', requestOf(tool(), { order }).url);
	expect(url?.href ?? 'refused').toMatch(/^refused$|^https:\/\/api\.example\/v1\/orders\/[^/]+$/);
});

test('a model fills in simple fields: those of a path always', () => {
	const input = inputOf(tool());
	expect(input.safeParse({ order: '7' }).success).toBe(true);
	expect(input.safeParse({}).success).toBe(false);
	expect(input.safeParse({ order: '7', detail: 'medium' }).success).toBe(false);
	expect(inputOf(tool({ parameters: [{ name: 'order', required: false }] })).safeParse({}).success).toBe(false);
});

test.each([
	['a place without a parameter', { path: '/orders/{other}' }],
	['a parameter twice', { parameters: [{ name: 'order' }, { name: 'order' }] }],
	['a choice of nothing', { parameters: [{ name: 'order', type: 'choice' }] }],
	['an address of its own', { path: 'https://evil.example/' }],
	['a query in the path', { path: '/orders?key=1' }],
	['a name that no model takes', { name: 'Look up' }]
])('%s is refused', (_what, more) => {
	expect(() => tool(more)).toThrow();
});

test('a tool of one’s own is never called as one of ours', () => {
	const config = (name: string) => AgentConfig.safeParse({ name: 'Bia', model: 'm', http_tools: [tool({ name })] });
	expect(config('sgp_unblock').success).toBe(false);
	expect(config('look_up_order').success).toBe(true);
});
