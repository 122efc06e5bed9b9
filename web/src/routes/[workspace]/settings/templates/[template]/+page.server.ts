import { error } from '@sveltejs/kit';
import { listChannels } from '#lib/channels/queries.ts';
import { languagesOf, listEvents, listSyncs, readOne } from '#lib/templates/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, depends, params }) => {
	depends('prosa:templates');
	const { workspace } = await parent();
	const tenant = workspace.tenant_id;
	const template = await readOne(locals.supabase, tenant, params.template).catch(() => null);
	if (!template) error(404, { message: 'template_not_found' });
	const [events, languages, channels, syncs] = await Promise.all([
		listEvents(locals.supabase, tenant, template.id),
		languagesOf(locals.supabase, template),
		listChannels(locals.supabase, tenant),
		listSyncs(locals.supabase, tenant)
	]);
	return {
		template,
		events,
		languages,
		syncs: syncs.filter(({ waba_id }) => waba_id === template.waba_id),
		channels: channels.filter(({ waba_id }) => waba_id === template.waba_id)
	};
};
