import type { RequestEvent } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { actions, load } from './+page.server.ts';

/** Auth as far as the page uses it: one good hash, redeemed once, and a password that is already in use. */
class Auth {
	asked: string[] = [];
	#good = 'good';

	async verifyOtp({ token_hash, type }: { token_hash: string; type: string }) {
		this.asked.push(`verify ${type} ${token_hash}`);
		if (token_hash !== this.#good) return { error: { code: 'otp_expired' } };
		this.#good = '';
		return { error: null };
	}

	async exchangeCodeForSession(code: string) {
		this.asked.push(`exchange ${code}`);
		return { error: null };
	}

	async updateUser({ password }: { password: string }) {
		this.asked.push('update');
		return { error: password === 'senha-atual' ? { code: 'same_password' } : null };
	}
}

function visit(auth: Auth, query: string, fields?: Record<string, string>) {
	const url = new URL(`http://prosa.test/reset-password${query}`);
	const body = new URLSearchParams(fields);
	const request = fields ? new Request(url, { method: 'POST', body }) : new Request(url);
	return { url, request, locals: { person: null, supabase: { auth } } } as unknown as RequestEvent;
}

const open = (auth: Auth, query: string) => load(visit(auth, query) as Parameters<typeof load>[0]);
const post = (auth: Auth, fields: Record<string, string>) =>
	Promise.resolve(actions['default']?.(visit(auth, '', fields) as never)).catch((thrown: unknown) => thrown);

test('opening a link redeems nothing: a stranger’s link signs nobody in, a mail scanner uses none up', async () => {
	const auth = new Auth();
	expect(await open(auth, '?token_hash=good&type=invite')).toMatchObject({
		ready: true,
		expired: false,
		invited: true,
		tokenHash: 'good'
	});
	expect(auth.asked).toEqual([]);
});

test('a code is exchanged on arrival, for it is worth nothing in another browser', async () => {
	const auth = new Auth();
	expect(await open(auth, '?code=abc')).toMatchObject({ ready: true, tokenHash: null });
	expect(auth.asked).toEqual(['exchange abc']);
});

test('the new password redeems the link and is saved', async () => {
	const auth = new Auth();
	const outcome = await post(auth, { token_hash: 'good', password: 'senha-nova' });
	expect(outcome).toMatchObject({ status: 303, location: '/' });
	expect(auth.asked).toEqual(['verify recovery good', 'update']);
	await post(auth, { token_hash: 'another', invited: 'yes', password: 'senha-nova' });
	expect(auth.asked.at(-1)).toBe('verify invite another');
});

test('a used link says so and changes nobody’s password, not even of who is signed in', async () => {
	const auth = new Auth();
	const outcome = await post(auth, { token_hash: 'used', password: 'senha-nova' });
	expect(outcome).toMatchObject({ status: 400, data: { problem: 'expired' } });
	expect(auth.asked).not.toContain('update');
});

test('a password that is too short leaves the link as good as it was', async () => {
	const auth = new Auth();
	const outcome = await post(auth, { token_hash: 'good', password: 'curta' });
	expect(outcome).toMatchObject({ data: { problem: 'short', tokenHash: 'good' } });
	expect(auth.asked).toEqual([]);
});

test('after a refused password the link is not redeemed once more', async () => {
	const auth = new Auth();
	const outcome = await post(auth, { token_hash: 'good', password: 'senha-atual' });
	expect(outcome).toMatchObject({ data: { problem: 'same', tokenHash: null } });
	expect(await post(auth, { password: 'senha-nova' })).toMatchObject({ status: 303 });
});
