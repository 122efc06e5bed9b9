import postgres from 'postgres';

/** Whether people may sign up and make companies by themselves: they may, unless SIGN_UP says `off`. */
export const signUp = (env: NodeJS.ProcessEnv): boolean => env.SIGN_UP !== 'off';

/** Opens or closes the making of companies, as whoever runs a real project does by hand. */
export async function openSignUp(dbUrl: string, open: boolean): Promise<void> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		await sql`update private.platform_settings set sign_up = ${open} where sign_up <> ${open}`;
	} finally {
		await sql.end();
	}
}
