import { ROLE_PERMISSIONS } from '@prosa/core/permissions/permissions.ts';
import { expect, test } from 'vitest';
import { choiceOf, keyOf, roleOptions, within } from './roles.ts';

const own = [{ id: 'b0', name: 'Caixa', description: '', permissions: ['contacts.read', 'tenant.read'] }];

test('a role is one choice, whether built in or the company’s own', () => {
	expect(choiceOf('agent')).toEqual({ role: 'agent', role_id: null });
	expect(choiceOf('b0')).toEqual({ role: null, role_id: 'b0' });
	expect(keyOf(choiceOf('b0'))).toBe('b0');
});

test('only roles within one’s own rights are offered', () => {
	const offered = roleOptions(own, ROLE_PERMISSIONS.supervisor).filter(({ disabled }) => !disabled);
	expect(offered.map(({ value }) => value)).toEqual(['supervisor', 'agent', 'viewer', 'analyst', 'b0']);
});

test('a company that lets nobody pick does not keep its admin from naming agents', () => {
	const mine = ROLE_PERMISSIONS.admin.filter((permission) => permission !== 'conversations.pick');
	expect(within(ROLE_PERMISSIONS.agent, mine)).toBe(true);
});
