import { isSubscribed, numberOf, type GraphNumber } from '@prosa/core/whatsapp/setup/numbers.ts';
import { SetupProblem, type AskGraph } from '@prosa/core/whatsapp/setup/problem.ts';
import { inspectToken } from '@prosa/core/whatsapp/setup/token.ts';

/** What a check found, as `private.record_channel_check` takes it; what could not be asked is left out. */
export interface Found {
	token_valid?: boolean;
	scopes?: string[];
	expires_at?: string | null;
	subscribed?: boolean;
	number?: GraphNumber;
	error: { code: number | string; title: string; details: string | null } | null;
}

/** Asks Meta for a channel's token, number and subscription. Never throws what Meta answers: that is what was found. */
export async function checkChannel(
	ask: AskGraph,
	channel: { phone_number_id: string; waba_id: string },
	token: string
): Promise<Found> {
	try {
		const { app_id, scopes, expires_at } = await inspectToken(ask, token);
		const number = await numberOf(ask, channel.phone_number_id);
		const subscribed = await isSubscribed(ask, channel.waba_id, app_id);
		return { token_valid: true, scopes, expires_at, number, subscribed, error: null };
	} catch (problem) {
		if (!(problem instanceof SetupProblem)) throw problem;
		const error = {
			code: problem.refusal?.code ?? problem.code,
			title: problem.refusal?.title ?? problem.code,
			details: problem.code
		};
		// Meta away, or an object out of reach, says nothing of the token.
		return problem.code.startsWith('token_') ? { token_valid: false, error } : { error };
	}
}
