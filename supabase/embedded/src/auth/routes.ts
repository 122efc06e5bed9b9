import type { Call, Reply } from './call.ts';
import type { AuthContext } from './context.ts';
import { addUser, changeUser, listFactors, listUsers, removeFactor, removeUser, showUser } from './admin.ts';
import { generateLink, invite } from './admin_links.ts';
import { badRequest } from './errors.ts';
import { grantToken } from './grants.ts';
import { recover, resend, sendOtp } from './mail_requests.ts';
import { challengeFactor, enrollFactor, unenrollFactor, verifyFactor } from './mfa.ts';
import { reauthenticate } from './reauthentication.ts';
import { signUp } from './sign_up.ts';
import { getUser, logOut, updateUser } from './user_routes.ts';
import { verifyCode, verifyLink } from './verify.ts';

export type Handler = (context: AuthContext, call: Call) => Reply | Promise<Reply>;

const ROUTES: Record<string, Handler> = {
	'GET /health': () => ({
		body: { version: 'embedded', name: 'GoTrue', description: 'GoTrue is a user registration and authentication API' }
	}),
	'GET /settings': settings,
	'GET /.well-known/jwks.json': () => ({ body: { keys: [] } }),
	'POST /signup': signUp,
	'POST /token': grantToken,
	'POST /recover': recover,
	'POST /otp': sendOtp,
	'POST /magiclink': sendOtp,
	'POST /resend': resend,
	'POST /verify': verifyCode,
	'GET /verify': verifyLink,
	'GET /authorize': () => {
		throw badRequest('validation_failed', 'Unsupported provider: provider is not enabled');
	},
	'GET /user': getUser,
	'PUT /user': updateUser,
	'GET /reauthenticate': reauthenticate,
	'POST /logout': logOut,
	'POST /factors': enrollFactor,
	'POST /factors/:factor/challenge': challengeFactor,
	'POST /factors/:factor/verify': verifyFactor,
	'DELETE /factors/:factor': unenrollFactor,
	'POST /invite': invite,
	'POST /admin/generate_link': generateLink,
	'GET /admin/users': listUsers,
	'POST /admin/users': addUser,
	'GET /admin/users/:user': showUser,
	'PUT /admin/users/:user': changeUser,
	'DELETE /admin/users/:user': removeUser,
	'GET /admin/users/:user/factors': listFactors,
	'DELETE /admin/users/:user/factors/:factor': removeFactor
};

const TABLE = Object.entries(ROUTES).map(([route, handler]) => {
	const [method = '', path = ''] = route.split(' ');
	return { method, segments: path.split('/'), handler };
});

/** The handler for a request and the named parts of its path; `allowed` lists the methods a known path has instead. */
export function findRoute(
	method: string,
	path: string
): { handler: Handler; params: Record<string, string> } | { allowed: string[] } {
	const segments = path.replace(/\/+$/, '').split('/');
	const onPath = TABLE.filter(
		(route) =>
			route.segments.length === segments.length &&
			route.segments.every((part, index) => part.startsWith(':') || part === segments[index])
	);
	const route = onPath.find((candidate) => candidate.method === method);
	if (!route) return { allowed: onPath.map((candidate) => candidate.method) };
	const params: Record<string, string> = {};
	for (const [index, part] of route.segments.entries())
		if (part.startsWith(':')) params[part.slice(1)] = segments[index] ?? '';
	return { handler: route.handler, params };
}

function settings({ settings: { autoconfirm, anonymous, signUp } }: AuthContext): Reply {
	return {
		body: {
			external: { anonymous_users: anonymous, email: true, phone: false },
			disable_signup: !signUp,
			mailer_autoconfirm: autoconfirm,
			phone_autoconfirm: false,
			sms_provider: '',
			saml_enabled: false
		}
	};
}
