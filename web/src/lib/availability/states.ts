import { m } from '#lib/paraglide/messages.js';

/** Whether somebody is there to answer. */
export type AvailabilityState = 'online' | 'busy' | 'away';

export const states: AvailabilityState[] = ['online', 'busy', 'away'];

const names = { online: m.availability_online, busy: m.availability_busy, away: m.availability_away };

/** What a state is called. */
export const stateName = (state: AvailabilityState): string => names[state]();

/** The state as the database keeps it; what it does not know is away. */
export function stateOf(text: string | undefined): AvailabilityState {
	return states.find((state) => state === text) ?? 'away';
}
