import { expect, test } from 'vitest';
import { isPushService } from './services.ts';

test('the push services of browsers are called, and nobody else', () => {
	for (const endpoint of [
		'https://fcm.googleapis.com/fcm/send/abc',
		'https://updates.push.services.mozilla.com/wpush/v2/abc',
		'https://web.push.apple.com/abc',
		'https://wns2-par02p.notify.windows.com/w/?token=abc'
	])
		expect(isPushService(endpoint, []), endpoint).toBe(true);
	for (const endpoint of [
		'http://fcm.googleapis.com/fcm/send/abc',
		'https://fcm.googleapis.com:8443/abc',
		'https://fcm.googleapis.com.evil.test/abc',
		'https://evilpush.apple.com.test/',
		'https://169.254.169.254/latest/meta-data',
		'https://user@web.push.apple.com/',
		'http://127.0.0.1:5432/',
		'nothing'
	])
		expect(isPushService(endpoint, []), endpoint).toBe(false);
});

test('an installation may name a service of its own', () => {
	expect(isPushService('http://127.0.0.1:9999/push/1', ['http://127.0.0.1:9999'])).toBe(true);
	expect(isPushService('http://127.0.0.1:9998/push/1', ['http://127.0.0.1:9999'])).toBe(false);
});
