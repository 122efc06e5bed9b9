import { readPeople } from '#lib/members/queries.ts';
import type { PageServerLoad } from './$types';

/** Everybody here; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	const manages = workspace.permissions.includes('members.manage');
	const [people, tenant] = await Promise.all([
		readPeople(locals.supabase, workspace.tenant_id, manages).catch(() => null),
		locals.supabase.from('tenants').select('requires_mfa').eq('id', workspace.tenant_id).maybeSingle()
	]);
	return { people, requiresMfa: tenant.data?.requires_mfa ?? false };
};
