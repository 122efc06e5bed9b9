import { expect, test } from 'vitest';
import { inSight } from './sight.ts';

const caio = { me: 'caio', teamIds: ['sales'], seesAll: false, picks: true };
const row = (assignee_id: string | null, team_id: string | null = null) => ({ assignee_id, team_id });

test('an agent sees their own, their team’s, and what is nobody’s', () => {
	expect(inSight(row('caio'), caio)).toBe(true);
	expect(inSight(row('caio', 'support'), caio)).toBe(true);
	expect(inSight(row('duda', 'sales'), caio)).toBe(true);
	expect(inSight(row(null), caio)).toBe(true);
});

test('a conversation given to somebody else or to another team is out of an agent’s sight', () => {
	expect(inSight(row('duda'), caio)).toBe(false);
	expect(inSight(row(null, 'support'), caio)).toBe(false);
	expect(inSight(row('duda', 'support'), caio)).toBe(false);
});

test('where agents do not pick, what is nobody’s is out of their sight', () => {
	expect(inSight(row(null), { ...caio, picks: false })).toBe(false);
});

test('nothing is out of sight for who sees all', () => {
	expect(inSight(row('duda', 'support'), { ...caio, seesAll: true })).toBe(true);
});
