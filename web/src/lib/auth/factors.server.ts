import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { nextPath } from './guard.ts';

/** What was wrong with a code. */
export type CodeProblem = 'wrong' | 'too_many' | 'unreachable';

const problemOf = (error: { status?: number | undefined }): CodeProblem =>
	error.status === 429 ? 'too_many' : (error.status ?? 0) >= 500 || !error.status ? 'unreachable' : 'wrong';

/** Six digits, however they were pasted. */
const readCode = (form: FormData) => String(form.get('code') ?? '').replaceAll(/\D/g, '');

type Event = Pick<RequestEvent, 'locals' | 'request' | 'url'>;

/** Begins an authenticator app: its secret, to be drawn as a QR code. It counts once `confirm` has seen a code of it. */
async function enrol({ locals, url }: Event) {
	const { mfa } = locals.supabase.auth;
	const listed = await mfa.listFactors();
	// One that was begun and left: its secret is gone from the screen.
	for (const factor of listed.data?.all ?? [])
		if (factor.status === 'unverified') await mfa.unenroll({ factorId: factor.id });
	const { data, error } = await mfa.enroll({
		factorType: 'totp',
		friendlyName: 'app',
		issuer: `Prosa · ${url.hostname}`
	});
	if (error) return fail(400, { step: 'off' as const, problem: problemOf(error) });
	return { step: 'scan' as const, factorId: data.id, secret: data.totp.secret, uri: data.totp.uri, problem: null };
}

/** The first code of a new app turns it on and brings the recovery codes, once. */
async function confirm({ locals, request }: Event) {
	const form = await request.formData();
	const text = (name: string) => String(form.get(name) ?? '');
	const again = { step: 'scan' as const, factorId: text('factor_id'), secret: text('secret'), uri: text('uri') };
	const { error } = await locals.supabase.auth.mfa.challengeAndVerify({
		factorId: again.factorId,
		code: readCode(form)
	});
	if (error) return fail(400, { ...again, problem: problemOf(error) });
	const { data } = await locals.supabase.rpc('make_recovery_codes');
	return { step: 'codes' as const, codes: data ?? [], problem: null };
}

/** New recovery codes in place of the old ones. */
async function renew({ locals }: Event) {
	const { data, error } = await locals.supabase.rpc('make_recovery_codes');
	if (error) return fail(400, { step: 'off' as const, problem: 'unreachable' as const });
	return { step: 'codes' as const, codes: data, problem: null };
}

/** Lifts this session to aal2 with a code of the app. */
async function verify({ locals, request, url }: Event) {
	const code = readCode(await request.formData());
	const { mfa } = locals.supabase.auth;
	const { data } = await mfa.listFactors();
	let problem: CodeProblem = 'wrong';
	for (const factor of data?.totp ?? []) {
		const { error } = await mfa.challengeAndVerify({ factorId: factor.id, code });
		if (!error) redirect(303, nextPath(url));
		problem = problemOf(error);
	}
	return fail(400, { problem, recovery: null });
}

/** Takes the lost app away for a recovery code; enrolling a new one comes next. */
async function recover({ locals, request, url }: Event) {
	const code = String((await request.formData()).get('recovery') ?? '');
	const { data, error } = await locals.supabase.rpc('use_recovery_code', { code });
	if (data === 'done') redirect(303, `/second-factor?recovered=yes&next=${encodeURIComponent(nextPath(url))}`);
	return fail(400, {
		problem: null,
		recovery: (error ? 'unreachable' : data === 'too_many' ? 'too_many' : 'wrong') as CodeProblem
	});
}

export const enrolling = { enrol, confirm, renew };
export const proving = { verify, recover };
