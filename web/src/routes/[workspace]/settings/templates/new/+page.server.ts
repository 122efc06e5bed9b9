import { redirect } from '@sveltejs/kit';
import { listChannels } from '#lib/channels/queries.ts';
import { readOne } from '#lib/templates/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, params, url }) => {
	const { workspace } = await parent();
	if (!workspace.permissions.includes('templates.manage')) redirect(303, `/${params.workspace}/settings/templates`);
	const from = url.searchParams.get('from');
	const [channels, original] = await Promise.all([
		listChannels(locals.supabase, workspace.tenant_id),
		from === null ? null : readOne(locals.supabase, workspace.tenant_id, from).catch(() => null)
	]);
	// One channel an account: its templates are the account's.
	const accounts = channels.filter(
		({ waba_id }, index) =>
			channels.findIndex((one) => one.waba_id === waba_id) === index && (!original || original.waba_id === waba_id)
	);
	return { channels: accounts, original };
};
