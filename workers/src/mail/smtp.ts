import { createTransport } from 'nodemailer';

export interface Letter {
	/** `<id@host>`: the same however often it is sent. */
	messageId: string;
	to: string;
	subject: string;
	text: string;
	html: string;
	date: Date;
	/** Where one click stops them (RFC 8058). */
	unsubscribeUrl: string;
}

/**
 * What came of a letter. `refused`: the server will never take it for this address. `later`: it could not be reached, was
 * too slow, or turned us away for now; whether it has the letter all the same SMTP does not tell.
 */
export type MailOutcome = { type: 'sent' } | { type: 'refused' | 'later'; problem: string };

export interface Mailer {
	/** The address letters come from, by which Message-IDs are named. */
	readonly host: string;
	send(letter: Letter): Promise<MailOutcome>;
	close(): void;
}

/** A server that says nothing for so long is asked again later. */
const PATIENCE_MS = 20_000;

/** Sends by one SMTP server, over two connections at most. */
export function createMailer(url: string, from: string, patience = PATIENCE_MS): Mailer {
	const transport = createTransport({
		url,
		pool: true,
		maxConnections: 2,
		connectionTimeout: patience,
		greetingTimeout: patience,
		socketTimeout: patience,
		disableFileAccess: true,
		disableUrlAccess: true
	});
	return {
		host: /@([^@>\s]+)/.exec(from)?.[1] ?? 'localhost',
		async send({ messageId, to, subject, text, html, date, unsubscribeUrl }) {
			try {
				await transport.sendMail({
					from,
					// An address, never a list or a group that a name could smuggle in.
					to: { name: '', address: to },
					subject,
					text,
					html,
					date,
					messageId,
					headers: {
						'List-Unsubscribe': `<${unsubscribeUrl}>`,
						'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
						'Auto-Submitted': 'auto-generated'
					}
				});
				return { type: 'sent' };
			} catch (error) {
				return outcomeOf(error);
			}
		},
		close: () => transport.close()
	};
}

/** What a failed letter means: only an answer of 5yz to the address or the letter itself is for good. */
export function outcomeOf(error: unknown): MailOutcome {
	const { code, responseCode, response, message } = error as {
		code?: string;
		responseCode?: number;
		response?: string;
		message?: string;
	};
	const problem = response ?? message ?? String(error);
	const aboutIt = code === 'EENVELOPE' || code === 'EMESSAGE';
	// 503 says that the talk went wrong, 530 and 535 that we are not signed in: neither is about the letter.
	const forGood = responseCode !== undefined && responseCode >= 500 && ![503, 530, 535].includes(responseCode);
	return { type: aboutIt && forGood ? 'refused' : 'later', problem };
}

/** How many seconds a letter waits after so many tries: a minute at first, an hour at most. */
export const waitAfter = (attempts: number) => Math.min(60 * 2 ** attempts, 3_600);
