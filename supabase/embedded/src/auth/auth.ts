import type { Jwt } from '../jwt.ts';
import type { Service } from '../service.ts';
import { readCall } from './call.ts';
import type { AuthContext } from './context.ts';
import { connect } from './database.ts';
import { AuthError, sendError, toAuthError } from './errors.ts';
import type { Mailer } from './mails.ts';
import { createLimit } from './rate_limit.ts';
import { findRoute } from './routes.ts';

export interface AuthOptions {
	/** Connection of supabase_auth_admin. */
	url: string;
	jwt: Jwt;
	/** Seconds an access token lives. */
	jwtExp?: number;
	/** Where the product lives: links in mails lead there. */
	siteUrl: string;
	/** Other addresses links may lead to, with `*` and `**` as wildcards. */
	redirectUrls?: readonly string[];
	/** The gateway's address. */
	apiUrl: string;
	mail: Mailer;
	/** Days after which an unused refresh token is worth nothing. */
	refreshTokenDays?: number;
	/** Whether an address counts as confirmed at sign-up, as the Supabase CLI sets it locally. */
	autoconfirm?: boolean;
	/** Whether people may come in without an address. */
	anonymous?: boolean;
	/** Whether people may sign up by themselves. */
	signUp?: boolean;
	/** Characters a password has at least. */
	passwordLength?: number;
	/** Whether a new password asks for a code by mail, unless the person signed in within a day. */
	securePasswordChange?: boolean;
	/** Told about failures that are not the caller's. */
	log?: (error: unknown) => void;
}

/** `/auth/v1`: GoTrue's wire over schema auth. */
export async function createAuth(options: AuthOptions): Promise<Service> {
	const {
		jwt,
		mail,
		jwtExp = 900,
		siteUrl,
		apiUrl,
		redirectUrls = [],
		refreshTokenDays = 7,
		autoconfirm = true,
		anonymous = true,
		signUp = true,
		passwordLength = 6,
		securePasswordChange = false
	} = options;
	const { log = (error) => console.error('auth:', error) } = options;
	const context: AuthContext = {
		sql: connect(options.url),
		jwt,
		settings: {
			jwtExp,
			siteUrl,
			apiUrl,
			redirectUrls,
			refreshTokenDays,
			autoconfirm,
			anonymous,
			signUp,
			passwordLength,
			securePasswordChange
		},
		mailer: mail,
		limits: {
			failedAccount: createLimit({ max: 10, seconds: 300 }),
			failedPlace: createLimit({ max: 300, seconds: 300 }),
			failedCode: createLimit({ max: 10, seconds: 300 }),
			failedLink: createLimit({ max: 30, seconds: 300 }),
			mail: createLimit({ max: 1, seconds: 1 })
		}
	};
	await context.sql`select 1 from auth.users limit 1`;

	return {
		async handle(request, response, requestContext) {
			const apiVersion = request.headers['x-supabase-api-version']?.toString();
			try {
				const route = findRoute(request.method ?? 'GET', requestContext.url.pathname);
				if ('allowed' in route) {
					throw route.allowed.length > 0
						? new AuthError(405, 'validation_failed', 'Method Not Allowed')
						: new AuthError(404, 'validation_failed', 'Not Found');
				}
				const {
					status = 200,
					headers = {},
					body
				} = await route.handler(context, await readCall(request, requestContext, route.params));
				for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
				response.statusCode = status;
				response.setHeader('cache-control', 'no-store');
				if (body === undefined) response.end();
				else response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
			} catch (error) {
				const answer = toAuthError(error);
				if (answer.status >= 500 && error !== answer) log(error);
				if (!response.headersSent) sendError(response, answer, apiVersion);
			}
		},
		close: () => context.sql.end({ timeout: 5 })
	};
}
