import { writeFilter, type Filter, type Saved } from './views.ts';

const route = '/[workspace]/inbox/[[conversation]]';

/** The inbox's route with a filter, for `resolve()`, which puts workspace and conversation into it. */
export function inboxRoute(filter: Filter, saved: readonly Saved[] = []): typeof route | `${typeof route}?${string}` {
	return `${route}${writeFilter(filter, saved)}`;
}

/** What stands in the route's places. */
export function inboxParams(workspace: string, conversation: string | null) {
	return conversation === null ? { workspace } : { workspace, conversation };
}
