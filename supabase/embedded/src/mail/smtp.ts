import { once } from 'node:events';
import type { Readable } from 'node:stream';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { Mailbox } from './mailbox.ts';

/** More than a letter needs; less than would hurt. */
const LARGEST = 5 * 1024 * 1024;

export interface Smtp {
	readonly port: number;
	close(): Promise<void>;
}

/** Takes mails by SMTP and puts them into the mailbox, whoever they are for. Loopback only, without TLS or a password. */
export async function listenSmtp(mailbox: Mailbox, port: number): Promise<Smtp> {
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		authOptional: true,
		size: LARGEST,
		closeTimeout: 1_000,
		logger: false,
		onData(stream, { envelope }, callback) {
			keep(
				mailbox,
				stream,
				envelope.rcptTo.map(({ address }) => address)
			).then(
				() => callback(stream.sizeExceeded ? refusal(552, 'The mail is too large') : null),
				() => callback(refusal(451, 'The mail was not kept'))
			);
		}
	});
	// A client that hangs up is no fault of the server's.
	server.on('error', () => {});
	server.listen(port, '127.0.0.1');
	await once(server.server, 'listening');
	const address = server.server.address();

	return {
		port: typeof address === 'object' && address ? address.port : port,
		close: () => new Promise((resolve) => server.close(() => resolve()))
	};
}

async function keep(mailbox: Mailbox, stream: Readable, recipients: string[]): Promise<void> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= LARGEST) chunks.push(chunk);
	}
	if (size > LARGEST) return;
	const { subject = '', text = '', html = '', headers } = await PostalMime.parse(Buffer.concat(chunks));
	for (const to of recipients)
		await mailbox.keep({
			to,
			subject,
			text,
			html,
			headers: Object.fromEntries(headers.map(({ key, value }) => [key.toLowerCase(), value]))
		});
}

const refusal = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });
