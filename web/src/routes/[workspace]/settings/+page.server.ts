import { error, redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { sections } from '#lib/settings/sections.ts';
import type { PageServerLoad } from './$types';

/** The first section the person may open. */
export const load: PageServerLoad = async ({ parent }) => {
	const { workspace } = await parent();
	const first = sections.find(({ permission }) => workspace.permissions.includes(permission));
	if (!first) error(403, { message: 'not_allowed' });
	redirect(303, resolve(first.route, { workspace: workspace.slug }));
};
