import { expect, test } from 'vitest';
import { allowApi, securityHeaders } from './headers.ts';

test('a page may reach its own API over http and websocket, and nothing else', () => {
	const policy = "default-src 'self'; connect-src 'self'; object-src 'none'";
	expect(allowApi(policy, 'https://api.prosa.test/')).toBe(
		"default-src 'self'; connect-src 'self' https://api.prosa.test wss://api.prosa.test; object-src 'none'"
	);
	expect(allowApi(policy, 'http://127.0.0.1:54321')).toContain('ws://127.0.0.1:54321');
});

test('a page may show what its own API keeps, and nothing from elsewhere', () => {
	const policy = "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'";
	expect(allowApi(policy, 'https://api.prosa.test')).toBe(
		"img-src 'self' https://api.prosa.test data: blob:; media-src 'self' https://api.prosa.test blob:; font-src 'self'"
	);
});

test('camera, microphone and position may be asked for by our own pages alone', () => {
	const policy = new Map(securityHeaders(new URL('https://prosa.test'))).get('permissions-policy');
	expect(policy).toBe('camera=(self), geolocation=(self), microphone=(self), payment=()');
});

test('strict transport security is promised over https alone', () => {
	const names = (url: string) => securityHeaders(new URL(url)).map(([name]) => name);
	expect(names('https://prosa.test')).toContain('strict-transport-security');
	expect(names('http://localhost:3000')).not.toContain('strict-transport-security');
});
