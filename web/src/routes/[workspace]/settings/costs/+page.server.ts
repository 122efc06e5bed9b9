import { GROUPINGS, costsOf, priceLists, type Grouping } from '#lib/costs/queries.ts';
import { monthFrom } from '#lib/costs/period.ts';
import { zoneCookie } from '#lib/time/zone.ts';
import type { PageServerLoad } from './$types';

/** A month's costs by day and by what the address asks for; nulls where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, url, cookies }) => {
	const { workspace } = await parent();
	const month = monthFrom(url.searchParams.get('month'), today(cookies.get(zoneCookie)));
	const by: Grouping = GROUPINGS.find((name) => name === url.searchParams.get('by')) ?? 'category';
	if (!workspace.permissions.includes('costs.read')) return { month, by, days: [], rows: [], lists: [] };
	const { supabase } = locals;
	const { tenant_id: tenantId } = workspace;
	const [days, rows, lists] = await Promise.all([
		costsOf(supabase, tenantId, month, 'day').catch(() => null),
		costsOf(supabase, tenantId, month, by).catch(() => null),
		priceLists(supabase, tenantId).catch(() => null)
	]);
	return { month, by, days, rows, lists };
};

function today(zone: string | undefined): string {
	try {
		return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format();
	} catch {
		return new Date().toISOString().slice(0, 10);
	}
}
