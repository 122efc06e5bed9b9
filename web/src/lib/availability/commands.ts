import CircleDot from '@lucide/svelte/icons/circle-dot';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import { attempt, done } from '#lib/ui/toast.ts';
import type { Availability } from './availability.svelte.ts';
import { stateName, states } from './states.ts';

/** Saying how one stands, from the palette. */
export function availabilityCommands(availability: Availability): Command[] {
	if (!availability.answers) return [];
	return states.map((state) => ({
		id: `availability-${state}`,
		group: 'own',
		label: m.availability_become({ state: stateName(state) }),
		icon: CircleDot,
		when: availability.mine !== state,
		run: () => void become(availability, state)
	}));
}

/** Says how one stands, and that it was taken down. */
export async function become(availability: Availability, state: Availability['mine']) {
	if (await attempt(() => availability.set(state))) done(m.availability_now({ state: stateName(state) }));
}
