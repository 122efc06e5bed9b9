import { AgentConfig } from '@prosa/core/ai/agent.ts';
import { expect, test } from 'vitest';
import { differenceOf } from './difference.ts';

const agent = (more: object = {}) => AgentConfig.parse({ name: 'Bia', model: 'prosa-simulator', ...more });

test('nothing differs between a draft and itself', () => {
	expect(differenceOf(agent(), agent())).toEqual([]);
});

test('each setting that differs is told once, inner ones by their own name', () => {
	const changes = differenceOf(agent({ rules: ['a'] }), agent({ rules: ['a', 'b'], budget: { daily_usd: null } }));
	expect(changes).toEqual([
		{ field: 'rules', before: 'a', after: 'a\nb' },
		{ field: 'budget.daily_usd', before: '5', after: 'null' }
	]);
});
