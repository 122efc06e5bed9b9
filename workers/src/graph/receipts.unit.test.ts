import { expect, test } from 'vitest';
import { readReceiptAnswer } from './receipts.ts';

test('a receipt is told when Meta says so', () => {
	expect(readReceiptAnswer(200, '{"success": true}')).toEqual({ type: 'told' });
});

test('what Meta refuses carries its code', () => {
	const refused = readReceiptAnswer(401, '{"error": {"code": 190, "message": "expired"}}');
	expect(refused).toEqual({ type: 'refused', status: 401, error: { code: 190, title: 'expired', details: null } });
});

test('anything else did not reach it', () => {
	for (const [status, text] of [
		[200, ''],
		[200, '{"success": false}'],
		[502, '<html>'],
		[200, '{"messages": [{"id": "wamid.1"}]}']
	] as const) {
		expect(readReceiptAnswer(status, text), text).toMatchObject({ type: 'unreached' });
	}
});
