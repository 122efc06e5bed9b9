import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesText, fit } from './size.ts';

const box = { width: 320, height: 360 };

test('a picture keeps its shape within the bubble', () => {
	expect(fit(1600, 1200, box)).toEqual({ width: 320, height: 240 });
	expect(fit(1080, 1920, box)).toEqual({ width: 203, height: 360 });
	expect(fit(200, 150, box)).toEqual({ width: 200, height: 150 });
});

test('its room is known before it comes, whatever its size, and always fits', () => {
	fc.assert(
		fc.property(fc.option(fc.nat(20_000)), fc.option(fc.nat(20_000)), (width, height) => {
			const room = fit(width, height, box);
			expect(room.width).toBeGreaterThanOrEqual(120);
			expect(room.height).toBeGreaterThanOrEqual(120);
			expect(room.width).toBeLessThanOrEqual(box.width);
			expect(room.height).toBeLessThanOrEqual(box.height);
		})
	);
});

test('sizes read as people write them', () => {
	expect([0, 912, 20_480, 1_400_000, 104_857_600].map((bytes) => bytesText(bytes, 'pt-BR'))).toEqual([
		'0 B',
		'912 B',
		'20 kB',
		'1,4 MB',
		'105 MB'
	]);
});
