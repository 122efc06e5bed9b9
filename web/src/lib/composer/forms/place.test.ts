import { checkContent } from '@prosa/core/whatsapp/outgoing/content.ts';
import { expect, test } from 'vitest';
import { coordinatesIn, numberIn } from './place.ts';

test('coordinates copied from a map fill both fields', () => {
	expect(coordinatesIn(' -23.5614, -46.6559 ')).toEqual({ latitude: '-23.5614', longitude: '-46.6559' });
	expect(coordinatesIn('Av. Paulista, 1578')).toBeNull();
});

test('a number may be typed with a comma, and what is no number is refused as a place', () => {
	expect(numberIn('-23,5614')).toBe(-23.5614);
	for (const typed of ['', 'abc', '91'])
		expect(checkContent({ kind: 'location', latitude: numberIn(typed), longitude: 0 }), typed).not.toBeNull();
});
