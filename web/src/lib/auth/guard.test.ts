import { expect, test } from 'vitest';
import { isOpen, nextPath, signInPath } from './guard.ts';

test('a visitor may only see the pages that let people in', () => {
	expect(isOpen('/sign-in')).toBe(true);
	expect(isOpen('/reset-password')).toBe(true);
	expect(isOpen('/sign-up')).toBe(true);
	expect(isOpen('/new')).toBe(true);
	expect(isOpen('/news')).toBe(false);
	expect(isOpen('/padaria/inbox')).toBe(false);
	expect(isOpen('/sign-in-not')).toBe(false);
});

test('signing in leads back to where one wanted to go', () => {
	const path = signInPath(new URL('http://prosa.test/padaria/inbox?view=mine'));
	expect(nextPath(new URL(path, 'http://prosa.test'))).toBe('/padaria/inbox?view=mine');
	expect(signInPath(new URL('http://prosa.test/'))).toBe('/sign-in');
	expect(signInPath(new URL('http://prosa.test/'), 'expired')).toBe('/sign-in?notice=expired');
});

test('signing in never leads to another site', () => {
	for (const next of ['https://evil.test', '//evil.test', '/\\evil.test', '/\t/evil.test', 'javascript:alert(1)']) {
		expect(nextPath(new URL(`http://prosa.test/sign-in?next=${encodeURIComponent(next)}`))).toBe('/');
	}
});
