import { expect, test } from 'vitest';
import { differences } from './diff.ts';

const told = (before: string, after: string) =>
	differences(before, after)
		.map(({ kind, text }) => (kind === 'same' ? text : kind === 'gone' ? `[-${text}-]` : `{+${text}+}`))
		.join('');

test('what changed is told by words; marks, blanks and variables are words of their own', () => {
	expect(told('Abrimos às 6h.', 'Abrimos às 7h.')).toBe('Abrimos às [-6h-]{+7h+}.');
	expect(told('Oi, {{contact.name}}!', 'Oi, {{contact.first_name}}!')).toBe(
		'Oi, [-{{contact.name}}-]{+{{contact.first_name}}+}!'
	);
	expect(told('igual', 'igual')).toBe('igual');
	expect(told('', 'novo texto')).toBe('{+novo texto+}');
	expect(told('velho', '')).toBe('[-velho-]');
});

test('whatever two texts are, the stretches give both of them back', () => {
	const words = ['a', 'b', ' ', '\n', ',', 'ção', '{{x}}', '🥖'];
	let seed = 7;
	const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
	const text = () => Array.from({ length: next(30) }, () => words[next(words.length)]).join('');
	for (let round = 0; round < 500; round += 1) {
		const [before, after] = [text(), text()];
		const all = differences(before, after);
		const without = (kind: string) =>
			all
				.filter((one) => one.kind !== kind)
				.map((one) => one.text)
				.join('');
		expect([without('new'), without('gone')]).toEqual([before, after]);
	}
});
