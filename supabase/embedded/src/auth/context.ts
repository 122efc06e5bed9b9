import type { Jwt } from '../jwt.ts';
import type { Mailer } from './mails.ts';
import type { Sql } from './database.ts';
import type { Limit } from './rate_limit.ts';

export interface AuthSettings {
	/** Seconds an access token lives. */
	readonly jwtExp: number;
	readonly refreshTokenDays: number;
	/** Where the product lives: the place links lead to unless the caller asked for another allowed one. */
	readonly siteUrl: string;
	/** Other addresses links may lead to; `*` stands for anything but a slash, `**` for anything. */
	readonly redirectUrls: readonly string[];
	/** The gateway's address: the issuer of tokens and the start of links in mails. */
	readonly apiUrl: string;
	/** Whether an e-mail address counts as confirmed at sign-up. */
	readonly autoconfirm: boolean;
	readonly anonymous: boolean;
	/** Whether people may sign up by themselves; otherwise they are invited or made by an admin. */
	readonly signUp: boolean;
	/** Characters a password has at least. */
	readonly passwordLength: number;
	/** Whether a new password asks for a code by mail, unless the person has just signed in. */
	readonly securePasswordChange: boolean;
}

/** What the handlers work with. */
export interface AuthContext {
	readonly sql: Sql;
	readonly jwt: Jwt;
	readonly settings: AuthSettings;
	readonly mailer: Mailer;
	readonly limits: {
		/** Failed sign-ins of one address from one place, and of one place altogether. */
		readonly failedAccount: Limit;
		readonly failedPlace: Limit;
		/** Failed guesses at a one-time code, and at a second factor's code. */
		readonly failedCode: Limit;
		/** Links from one place that proved nothing: what a link carries can be worked out for each of the million codes. */
		readonly failedLink: Limit;
		/** Mails to one address. */
		readonly mail: Limit;
	};
}
