import { expect, test, vi } from 'vitest';

vi.mock('$app/env/public', () => ({ VAPID_PUBLIC_KEY: '' }));
const { deviceLabel, keyBytes } = await import('./push.ts');

test('a device is named by what its owner calls it', () => {
	expect(deviceLabel('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36')).toBe(
		'Chrome · Windows'
	);
	expect(deviceLabel('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0')).toBe(
		'Edge · Windows'
	);
	expect(deviceLabel('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1')).toBe(
		'Safari · iPhone'
	);
});

test('a key is read as the bytes it stands for', () => {
	expect([...keyBytes('BP_-')]).toEqual([4, 255, 254]);
});
