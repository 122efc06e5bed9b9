import { z } from 'zod';
import type { Database } from '../database.ts';
import { MailRefused, type AuthServer } from '../people/auth.ts';
import { GiveUp, task } from '../task.ts';

const Payload = z.object({ invitation_id: z.uuid() });

export interface InvitationDeps {
	db: Database;
	auth: AuthServer | null;
}

/**
 * Has the auth server mail an invitation: a new account's link, or a link to sign in for whoever has one. Runs again
 * safely: what was mailed is not mailed again, at worst one mail whose answer was lost comes twice.
 */
export const invitationSend = ({ db, auth }: InvitationDeps) =>
	task(Payload, async ({ invitation_id: id }) => {
		const [waiting] = await db<{ email: string; is_known: boolean }[]>`
			select * from private.invitation_to_send(${id})`;
		if (!waiting) return;
		const settle = (error: string | null) => db`select private.settle_invitation(${id}, ${error})`;
		if (!auth) {
			await settle('no_auth_server');
			throw new GiveUp('invitations are not mailed: SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are not set');
		}
		try {
			const path = `/join/${id}`;
			const outcome = waiting.is_known ? 'known' : await auth.invite(waiting.email, path);
			if (outcome === 'known') await auth.mailLink(waiting.email, path);
			await settle(null);
		} catch (problem) {
			await settle(problem instanceof Error ? problem.message : String(problem));
			if (problem instanceof MailRefused) throw new GiveUp(problem.message);
			throw problem;
		}
	});
