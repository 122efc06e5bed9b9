import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Db } from './database.ts';
import { badRequest, forbidden, notFound } from './errors.ts';

/** A client's promise in a PKCE flow: only who can show the verifier may turn the mail's code into a session. */
export interface Challenge {
	readonly code: string;
	readonly method: 's256' | 'plain';
}

const CODE_LIFETIME = '5 minutes';
const FLOW_LIFETIME = '1 hour';

/** The challenge in a request body, null without one; `validation_failed` when half of it is missing or malformed. */
export function readChallenge(body: {
	code_challenge?: string | null | undefined;
	code_challenge_method?: string | null | undefined;
}): Challenge | null {
	const code = body.code_challenge ?? '';
	const method = body.code_challenge_method ?? '';
	if (code === '' && method === '') return null;
	if (code === '' || method === '') {
		throw badRequest('validation_failed', 'PKCE flow requires code_challenge_method and code_challenge');
	}
	if (code.length < 43 || code.length > 128) {
		throw badRequest('validation_failed', 'code challenge has to be between 43 and 128 characters');
	}
	if (!/^[a-zA-Z._~0-9-]+$/.test(code)) {
		throw badRequest(
			'validation_failed',
			'code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes'
		);
	}
	const wanted = method.toLowerCase();
	if (wanted !== 's256' && wanted !== 'plain') {
		throw badRequest('validation_failed', `unsupported code_challenge method ${JSON.stringify(method)}`);
	}
	return { code, method: wanted };
}

/** Remembers the challenge until the person opens the link in the mail. */
export async function startFlow(db: Db, userId: string, method: string, challenge: Challenge): Promise<void> {
	await db`delete from auth.flow_state where created_at < now() - interval '1 day'`;
	await db`
		insert into auth.flow_state (
			id, user_id, auth_code, code_challenge_method, code_challenge, provider_type, authentication_method, created_at, updated_at
		) values (
			${randomUUID()}, ${userId}, ${randomUUID()}, ${challenge.method}, ${challenge.code}, ${method}, ${method}, now(), now()
		)`;
}

/** The code for the newest flow of this kind; undefined when there is none or it is too old. */
export async function issueCode(db: Db, userId: string, method: string): Promise<string | undefined> {
	const [flow] = await db<{ auth_code: string }[]>`
		update auth.flow_state
		set auth_code_issued_at = now(), updated_at = now()
		where id = (
			select id from auth.flow_state
			where user_id = ${userId} and authentication_method = ${method} and created_at > now() - ${FLOW_LIFETIME}::interval
			order by created_at desc
			limit 1
		)
		returning auth_code`;
	return flow?.auth_code;
}

interface FlowRow {
	id: string;
	user_id: string;
	code_challenge: string;
	code_challenge_method: 's256' | 'plain';
	authentication_method: string;
	expired: boolean;
}

/** Takes a code, once, from who can show the verifier behind its challenge. */
export async function redeemCode(db: Db, code: string, verifier: string): Promise<{ userId: string; method: string }> {
	const [flow] = await db<FlowRow[]>`
		select *, coalesce(auth_code_issued_at < now() - ${CODE_LIFETIME}::interval, true) as expired
		from auth.flow_state
		where auth_code = ${code}
		for update`;
	if (!flow?.user_id) throw notFound('flow_state_not_found', 'invalid flow state, no valid flow state found');
	if (flow.expired) throw forbidden('flow_state_expired', 'invalid flow state, flow state has expired');
	const shown =
		flow.code_challenge_method === 's256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
	const [a, b] = [Buffer.from(shown), Buffer.from(flow.code_challenge)];
	if (a.length !== b.length || !timingSafeEqual(a, b)) {
		throw badRequest('bad_code_verifier', 'code challenge does not match previously saved code verifier');
	}
	await db`delete from auth.flow_state where id = ${flow.id}`;
	return { userId: flow.user_id, method: flow.authentication_method };
}
