import { expect, test } from 'vitest';
import { allowConnections, securityHeaders } from './headers.ts';

test('a page may reach its own API over http and websocket, and nothing else', () => {
	const policy = "default-src 'self'; connect-src 'self'; object-src 'none'";
	expect(allowConnections(policy, 'https://api.prosa.test/')).toBe(
		"default-src 'self'; connect-src 'self' https://api.prosa.test wss://api.prosa.test; object-src 'none'"
	);
	expect(allowConnections(policy, 'http://127.0.0.1:54321')).toContain('ws://127.0.0.1:54321');
});

test('strict transport security is promised over https alone', () => {
	const names = (url: string) => securityHeaders(new URL(url)).map(([name]) => name);
	expect(names('https://prosa.test')).toContain('strict-transport-security');
	expect(names('http://localhost:3000')).not.toContain('strict-transport-security');
});
