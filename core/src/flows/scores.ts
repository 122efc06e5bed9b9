import type { Option } from './nodes.ts';

const SCORES: Record<'faces' | 'stars', Option[]> = {
	faces: [
		{ id: '5', label: '😀 Bom' },
		{ id: '3', label: '😐 Regular' },
		{ id: '1', label: '🙁 Ruim' }
	],
	stars: [5, 4, 3, 2, 1].map((score) => ({ id: String(score), label: '⭐'.repeat(score) }))
};

/** What a satisfaction question lets one answer; the id is the score. */
export const scores = (scale: 'faces' | 'stars'): Option[] => SCORES[scale];
