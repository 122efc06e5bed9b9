import { createServer } from 'node:http';
import { join } from 'node:path';
import { createMailbox, type OutgoingMail } from './mailbox.ts';
import { answer } from './routes.ts';

export interface MailOptions {
	/** 0 takes any free port. */
	port: number;
	/** Mails are kept in its folder `mails` between starts; only in memory without it. */
	dataDir?: string;
}

export interface Mail {
	/** Address of the mailbox page. */
	readonly url: string;
	send(mail: OutgoingMail): Promise<void>;
	close(): Promise<void>;
}

/** A mailbox for development: takes every mail, delivers none, and shows them on a page and as JSON. Loopback only. */
export async function createMail({ port, dataDir }: MailOptions): Promise<Mail> {
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

	return {
		url: `http://127.0.0.1:${bound}`,
		send: (mail) => mailbox.keep(mail),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}
