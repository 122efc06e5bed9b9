import { readConditions, type Conditions } from '@prosa/core/conditions/conditions.ts';
import { isSort } from '../inbox/sorts.ts';
import { m } from '../paraglide/messages.js';
import { attempt, done } from '../ui/toast.ts';
import type { SavedFilter } from './queries.ts';
import type { Draft, Views } from './views.svelte.ts';

const nothingAsked: Conditions = { match: 'all', rules: [] };

/** A filter as it would be kept again. */
function draftOf({ name, conditions, sort, is_shared, position }: SavedFilter): Draft {
	return {
		name,
		conditions: readConditions(conditions) ?? nothingAsked,
		sort: isSort(sort) ? sort : 'newest',
		is_shared,
		position
	};
}

/** Gives a filter another name. Throws what the database refuses. */
export async function renameFilter(views: Views, filter: SavedFilter, name: string): Promise<void> {
	await views.save(filter.id, { ...draftOf(filter), name });
}

/** Deletes a filter, and offers the way back: it returns as itself, to its place. */
export async function removeFilter(views: Views, filter: SavedFilter): Promise<void> {
	if (!(await attempt(() => views.remove(filter.id)))) return;
	done(m.filter_deleted({ name: filter.name }), async () => {
		await views.save(filter.id, draftOf(filter));
	});
}
