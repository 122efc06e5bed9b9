import { createServer } from 'node:http';
import { join } from 'node:path';
import { createMailbox, type OutgoingMail } from './mailbox.ts';
import { answer } from './routes.ts';
import { listenSmtp } from './smtp.ts';

export interface MailOptions {
	/** 0 takes any free port. */
	port: number;
	/** Where mails may be handed in by SMTP, for programs that send their own; 0 takes any free port, without it nowhere. */
	smtpPort?: number;
	/** Mails are kept in its folder `mails` between starts; only in memory without it. */
	dataDir?: string;
}

export interface Mail {
	/** Address of the mailbox page. */
	readonly url: string;
	/** Address for programs that send by SMTP; null where it takes none. */
	readonly smtpUrl: string | null;
	send(mail: OutgoingMail): Promise<void>;
	close(): Promise<void>;
}

/** A mailbox for development: takes every mail, delivers none, and shows them on a page and as JSON. Loopback only. */
export async function createMail({ port, smtpPort, dataDir }: MailOptions): Promise<Mail> {
	const mailbox = await createMailbox(dataDir && join(dataDir, 'mails'));
	const server = createServer((request, response) => {
		answer(mailbox, request, response).catch((error: unknown) => {
			console.error('mail:', error);
			if (!response.headersSent) response.writeHead(500);
			response.end();
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	const address = server.address();
	const bound = typeof address === 'object' && address ? address.port : port;

	const smtp = smtpPort === undefined ? null : await listenSmtp(mailbox, smtpPort);

	return {
		url: `http://127.0.0.1:${bound}`,
		smtpUrl: smtp && `smtp://127.0.0.1:${smtp.port}`,
		send: (mail) => mailbox.keep(mail),
		async close() {
			await smtp?.close();
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		}
	};
}
