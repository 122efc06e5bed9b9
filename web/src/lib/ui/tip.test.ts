import { expect, test } from 'vitest';
import { placeTip } from './tip.ts';

const window = { width: 400, height: 300 };
const tip = { width: 100, height: 24 };
const box = (left: number, top: number) => ({ left, top, width: 32, height: 32, right: left + 32, bottom: top + 32 });

test('a tip stands at the middle of the wanted side', () => {
	expect(placeTip('bottom', box(200, 100), tip, window)).toEqual({ left: 166, top: 138 });
	expect(placeTip('right', box(0, 100), tip, window)).toEqual({ left: 38, top: 104 });
});

test('where there is no room it stands across', () => {
	expect(placeTip('bottom', box(200, 260), tip, window).top).toBe(230);
	expect(placeTip('top', box(200, 4), tip, window).top).toBe(42);
	expect(placeTip('right', box(360, 100), tip, window).left).toBe(254);
});

test('it never leaves the window', () => {
	expect(placeTip('bottom', box(2, 100), tip, window).left).toBe(8);
	expect(placeTip('bottom', box(366, 100), tip, window).left).toBe(292);
});
