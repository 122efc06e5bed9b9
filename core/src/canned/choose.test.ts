import { expect, test } from 'vitest';
import { chooseVariant } from './choose.ts';
import { share, surelyBest } from './interval.ts';

const variant = (id: string, weight: number, channel_type: string | null = null) => ({
	id,
	weight,
	channel_type,
	text: id
});
const conversations = Array.from({ length: 10_000 }, (_, index) => `conversation-${index}`);

test('a conversation always gets the same text, and the texts are shared out by their weight', () => {
	const variants = [variant('a', 70), variant('b', 30)];
	const chosen = conversations.map((id) => chooseVariant(variants, 'whatsapp', id, 'r')?.id);
	expect(conversations.map((id) => chooseVariant(variants, 'whatsapp', id, 'r')?.id)).toEqual(chosen);
	const part = chosen.filter((id) => id === 'a').length / chosen.length;
	expect(part).toBeGreaterThan(0.68);
	expect(part).toBeLessThan(0.72);
});

test('what one response gives a conversation says nothing of what another gives it', () => {
	const variants = [variant('a', 1), variant('b', 1)];
	const both = conversations.filter(
		(id) => chooseVariant(variants, 'x', id, 'r1')?.id === 'a' && chooseVariant(variants, 'x', id, 'r2')?.id === 'a'
	).length;
	expect(both / conversations.length).toBeCloseTo(0.25, 1);
});

test('a text for the kind of channel goes before those for every one', () => {
	const variants = [variant('all', 1), variant('instagram', 1, 'instagram')];
	expect(chooseVariant(variants, 'instagram', 'c', 'r')?.id).toBe('instagram');
	expect(chooseVariant(variants, 'whatsapp', 'c', 'r')?.id).toBe('all');
});

test('a text at rest is not taken, unless there is no other', () => {
	expect(
		new Set(conversations.map((id) => chooseVariant([variant('a', 0), variant('b', 1)], 'x', id, 'r')?.id))
	).toEqual(new Set(['b']));
	expect(chooseVariant([variant('a', 0)], 'x', 'c', 'r')?.id).toBe('a');
	expect(chooseVariant([], 'x', 'c', 'r')).toBeNull();
});

test('a share of few is less certain than the same share of many', () => {
	// Worked out by hand, and in R: prop.test(8, 10, correct = FALSE).
	expect(share(8, 10).low).toBeCloseTo(0.4902, 3);
	expect(share(8, 10).high).toBeCloseTo(0.9433, 3);
	expect(share(0, 0)).toEqual({ rate: null, low: 0, high: 1 });
	expect([share(0, 5).low, share(5, 5).high]).toEqual([0, 1]);
	const width = ({ low, high }: { low: number; high: number }) => high - low;
	expect(width(share(800, 1000))).toBeLessThan(width(share(8, 10)) / 5);
});

test('one text is called better only when it surely is', () => {
	expect(surelyBest([share(8, 10), share(5, 10)])).toBeNull();
	expect(surelyBest([share(500, 1000), share(800, 1000)])).toBe(1);
	expect(surelyBest([share(5, 5)])).toBeNull();
	expect(surelyBest([])).toBeNull();
});
