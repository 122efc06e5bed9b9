import { createClient } from '@supabase/supabase-js';
import { DEMO_PASSWORD, type DemoPerson } from './demo.ts';

/** Makes the accounts of the demo people through the auth API, as a real administrator would. Returns their ids by email. */
export async function createUsers(
	apiUrl: string,
	serviceRoleKey: string,
	people: DemoPerson[]
): Promise<Map<string, string>> {
	const { auth } = createClient(apiUrl, serviceRoleKey, { auth: { persistSession: false, autoRefreshToken: false } });
	const known = await auth.admin.listUsers({ perPage: 1_000 });
	if (known.error) throw known.error;
	const ids = new Map(known.data.users.map(({ email, id }) => [email ?? '', id]));

	await Promise.all(
		people
			.filter(({ email }) => !ids.has(email))
			.map(async ({ email, name }) => {
				const { data, error } = await auth.admin.createUser({
					email,
					password: DEMO_PASSWORD,
					email_confirm: true,
					user_metadata: { name }
				});
				if (error) throw error;
				ids.set(email, data.user.id);
			})
	);
	return ids;
}
