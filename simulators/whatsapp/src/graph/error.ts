import { randomBytes } from 'node:crypto';
import { errorCode } from './error_codes.ts';

/** What a refused Graph call says. */
interface Refusal {
	status: number;
	message: string;
	code: number;
	type?: string;
	subcode?: number;
	details?: string;
	/** What Meta tells people, beside what it tells programs. */
	user?: { title: string; message: string };
}

/** A call the Graph API refuses; its answer is `{ error: … }` in Graph's form. */
export class GraphError extends Error {
	readonly status: number;
	readonly code: number;
	readonly #refusal: Refusal;

	constructor(refusal: Refusal) {
		super(refusal.message);
		this.status = refusal.status;
		this.code = refusal.code;
		this.#refusal = refusal;
	}

	body(): object {
		const { message, type = 'OAuthException', code, subcode, details, user } = this.#refusal;
		return {
			error: {
				message,
				type,
				code,
				...(subcode === undefined ? {} : { error_subcode: subcode }),
				...(user === undefined
					? {}
					: { is_transient: false, error_user_title: user.title, error_user_msg: user.message }),
				...(details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details } }),
				fbtrace_id: `A${randomBytes(16).toString('base64url')}`
			}
		};
	}
}

/** A documented error with its own status and title; the details can say more. */
export function documented(code: number, details?: string): GraphError {
	const known = errorCode(code);
	if (code === 190) {
		return new GraphError({
			status: 401,
			code,
			subcode: 463,
			message: 'Error validating access token: Session has expired.'
		});
	}
	return new GraphError({
		status: known.status,
		code,
		message: `(#${code}) ${known.title}`,
		details: details ?? known.details
	});
}

/** A parameter that is missing, misspelt or of the wrong shape: code 100 with the reason in the message itself. */
export const badParameter = (reason: string): GraphError =>
	new GraphError({ status: 400, code: 100, message: `(#100) ${reason}` });

/** A token nobody gave out. */
export const badToken = (token: string | null): GraphError =>
	new GraphError({
		status: 401,
		code: 190,
		message:
			token === null
				? 'An access token is required to request this resource.'
				: 'Invalid OAuth access token - Cannot parse access token'
	});

/** An id that doesn't exist, or that the token may not see: Graph tells neither from the other. */
export const unknownObject = (method: string, id: string): GraphError =>
	new GraphError({
		status: 400,
		code: 100,
		subcode: 33,
		type: 'GraphMethodException',
		message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`
	});

/** A path Graph has nothing at, a version it never had among them. */
export const unknownPath = (path: string): GraphError =>
	new GraphError({ status: 400, code: 2500, message: `Unknown path components: ${path}` });
