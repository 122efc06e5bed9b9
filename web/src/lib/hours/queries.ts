import type { Client } from '#lib/auth/client.ts';
import type { Database } from '../database.ts';
import type { Span, Week } from './week.ts';

type Tables = Database['public']['Tables'];

export type Hours = Omit<Tables['business_hours']['Row'], 'week'> & { week: Week };
export type Holiday = Omit<Tables['holidays']['Row'], 'spans'> & { spans: Span[] };
export type Team = Pick<Tables['teams']['Row'], 'id' | 'name'>;
export type Opening = Database['public']['Functions']['opening_now']['Returns'][number];

export interface HoursPage {
	hours: Hours[];
	holidays: Holiday[];
	teams: Team[];
	openings: Opening[];
}

/** What the page shows of a workspace. Throws what the database answers. */
export async function hoursPage(client: Client, tenantId: string): Promise<HoursPage> {
	const [hours, holidays, teams, openings] = await Promise.all([
		client.from('business_hours').select().eq('tenant_id', tenantId).throwOnError(),
		client.from('holidays').select().eq('tenant_id', tenantId).order('day').throwOnError(),
		client.from('teams').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.rpc('opening_now', { tenant_id: tenantId }).throwOnError()
	]);
	return {
		hours: hours.data as Hours[],
		holidays: holidays.data as Holiday[],
		teams: teams.data,
		openings: openings.data
	};
}

/** What of a schedule can be written. */
export type HoursDraft = Pick<
	Hours,
	| 'timezone'
	| 'week'
	| 'away_enabled'
	| 'away_message'
	| 'first_reply_minutes'
	| 'next_reply_minutes'
	| 'warning_minutes'
	| 'pauses_outside'
>;

export async function saveHours(client: Client, tenantId: string, teamId: string | null, hours: Partial<HoursDraft>) {
	await client.rpc('save_business_hours', { tenant_id: tenantId, team_id: teamId, hours: hours }).throwOnError();
}

export async function deleteHours(client: Client, tenantId: string, teamId: string | null) {
	await client.rpc('delete_business_hours', { tenant_id: tenantId, team_id: teamId }).throwOnError();
}

export type HolidayDraft = Pick<Holiday, 'day' | 'name' | 'every_year' | 'spans'>;

export async function saveHoliday(client: Client, tenantId: string, id: string | null, holiday: Partial<HolidayDraft>) {
	await client.rpc('save_holiday', { tenant_id: tenantId, holiday_id: id, holiday: holiday }).throwOnError();
}

export async function deleteHoliday(client: Client, id: string) {
	await client.rpc('delete_holiday', { holiday_id: id }).throwOnError();
}

/** Puts a year's national holidays on the list; answers how many came. */
export async function addBrazilianHolidays(client: Client, tenantId: string, year: number, withOptional: boolean) {
	const args = { tenant_id: tenantId, year, with_optional: withOptional };
	const { data } = await client.rpc('add_brazilian_holidays', args).throwOnError();
	return data;
}
