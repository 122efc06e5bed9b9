import { error, redirect } from '@sveltejs/kit';
import { listChannels } from '#lib/channels/queries.ts';
import { readOne } from '#lib/templates/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, params }) => {
	const { workspace } = await parent();
	const template = await readOne(locals.supabase, workspace.tenant_id, params.template).catch(() => null);
	if (!template) error(404, { message: 'template_not_found' });
	if (!workspace.permissions.includes('templates.manage') || template.work !== null)
		redirect(303, `/${params.workspace}/settings/templates/${template.id}`);
	const channels = await listChannels(locals.supabase, workspace.tenant_id);
	return { template, channels: channels.filter(({ waba_id }) => waba_id === template.waba_id).slice(0, 1) };
};
