import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { sameToken, sign, verifySignature } from './signature.ts';

const body = new TextEncoder().encode('{"object":"whatsapp_business_account","ação":"é"}');
const right = `sha256=${createHmac('sha256', 'app secret').update(body).digest('hex')}`;

test('a body signed with the app secret is genuine, in either case of hex', async () => {
	expect(await sign('app secret', body)).toBe(right);
	expect(await verifySignature('app secret', body, right)).toBe(true);
	expect(
		await verifySignature(
			'app secret',
			body,
			right.replace(/[a-f]/g, (digit) => digit.toUpperCase())
		)
	).toBe(true);
});

test('another secret, a changed byte, or no proper header is a forgery', async () => {
	const changed = body.slice();
	changed[3] = 0x20;
	expect(await verifySignature('other secret', body, right)).toBe(false);
	expect(await verifySignature('app secret', changed, right)).toBe(false);
	for (const header of [
		null,
		'',
		'sha256=',
		right.slice(7),
		right.slice(0, -2),
		`${right}00`,
		right.replace('256', '1')
	]) {
		expect(await verifySignature('app secret', body, header)).toBe(false);
	}
});

test('an empty secret accepts nothing, not even what is signed with it', async () => {
	const empty = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
	expect(await verifySignature('', body, empty)).toBe(false);
});

test('tokens are compared whole', async () => {
	expect(await sameToken('prosa', 'prosa')).toBe(true);
	expect(await sameToken('prosa', 'prosá')).toBe(false);
	expect(await sameToken('prosa', '')).toBe(false);
});
