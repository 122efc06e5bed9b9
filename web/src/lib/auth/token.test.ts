import { expect, test } from 'vitest';
import { emailOf, saidBy } from './token.ts';

const tokenOf = (claims: object) => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

test('a mailed token says whose it is, and what was written at the sign-up', () => {
	const token = tokenOf({ email: 'joão@padaria.test', user_metadata: { name: 'João', company: 'Padaria', mark: 'm' } });
	expect(saidBy(token)).toEqual({ email: 'joão@padaria.test', name: 'João', company: 'Padaria', mark: 'm' });
	expect(emailOf(token)).toBe('joão@padaria.test');
});

test('what others wrote there, or nobody, is taken for nothing', () => {
	const nothing = { name: '', company: '', mark: '' };
	expect(saidBy(tokenOf({ email: 'a@b.test' }))).toEqual({ email: 'a@b.test', ...nothing });
	expect(saidBy(tokenOf({ email: 'a@b.test', user_metadata: { name: 7, mark: ['m'] } }))).toEqual({
		email: 'a@b.test',
		...nothing
	});
	for (const token of ['', 'a.b.c', tokenOf({})]) expect(saidBy(token)).toBeNull();
});
