import { expect, test } from 'vitest';
import type { Client } from './server.ts';
import { whoAsks } from './who.ts';

interface Answer {
	data: { claims: { sub: string; email: string } } | null;
	error: { status?: number } | null;
}

const ANA: Answer = { data: { claims: { sub: 'u1', email: 'ana@padaria.test' } }, error: null };
const refused = (status: number): Answer => ({ data: null, error: { status } });

/** Auth that gives these answers one after another. */
function authOf(...answers: Answer[]): { client: Client; asked: () => number } {
	let count = 0;
	const getClaims = () => Promise.resolve(answers[Math.min(count++, answers.length - 1)]);
	return { client: { auth: { getClaims } } as unknown as Client, asked: () => count };
}

test('a person is who the verified token names, and a visitor is nobody', async () => {
	expect(await whoAsks(authOf(ANA).client)).toEqual({ id: 'u1', email: 'ana@padaria.test', name: 'ana' });
	expect(await whoAsks(authOf({ data: null, error: null }).client)).toBeNull();
});

test('a token that Auth refuses is nobody’s, without asking again', async () => {
	for (const status of [400, 401, 403, 404]) {
		const { client, asked } = authOf(refused(status));
		expect(await whoAsks(client)).toBeNull();
		expect(asked()).toBe(1);
	}
});

test('a moment without an answer signs nobody out', async () => {
	expect(await whoAsks(authOf(refused(503), { data: null, error: {} }, ANA).client)).toMatchObject({ id: 'u1' });
});

test('Auth that stays silent or too busy is away, which is not the same as being signed out', async () => {
	for (const status of [0, 429, 500, 503]) expect(await whoAsks(authOf(refused(status)).client)).toBe('away');
});
