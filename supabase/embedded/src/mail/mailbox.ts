import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface OutgoingMail {
	to: string;
	subject: string;
	text: string;
	html: string;
	/** Those of a mail that came by SMTP, their names in lower case. */
	headers?: Record<string, string>;
}

export interface StoredMail extends OutgoingMail {
	id: string;
	sent_at: string;
}

export interface Mailbox {
	keep(mail: OutgoingMail): Promise<void>;
	/** Newest first; those to one address when it is given. */
	list(to?: string): StoredMail[];
	find(id: string): StoredMail | undefined;
	clear(): Promise<void>;
}

/** Older mails are dropped, so that months of tests don't fill the disk. */
const KEEP = 500;

/** Mails in memory, and one file each in `directory`, where a restart finds them again. */
export async function createMailbox(directory?: string): Promise<Mailbox> {
	const mails = directory ? await load(directory) : [];
	const fileOf = (mail: StoredMail) => join(directory ?? '', `${mail.id}.json`);

	return {
		async keep({ to, subject, text, html, headers }) {
			const mail: StoredMail = { id: randomUUID(), sent_at: new Date().toISOString(), to, subject, text, html };
			if (headers) mail.headers = headers;
			if (directory) {
				const unfinished = `${fileOf(mail)}.part`;
				await writeFile(unfinished, JSON.stringify(mail), { mode: 0o600 });
				await rename(unfinished, fileOf(mail));
			}
			mails.unshift(mail);
			for (const old of mails.splice(KEEP)) if (directory) await rm(fileOf(old), { force: true });
		},
		list: (to) => (to ? mails.filter((mail) => mail.to.toLowerCase() === to.toLowerCase()) : [...mails]),
		find: (id) => mails.find((mail) => mail.id === id),
		async clear() {
			const gone = mails.splice(0);
			if (directory) await Promise.all(gone.map((mail) => rm(fileOf(mail), { force: true })));
		}
	};
}

async function load(directory: string): Promise<StoredMail[]> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
	const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
	const mails = await Promise.all(
		names.map(async (name) => {
			try {
				return JSON.parse(await readFile(join(directory, name), 'utf8')) as StoredMail;
			} catch {
				// Half a file after a power cut is no reason not to start.
				return null;
			}
		})
	);
	return mails.filter((mail) => mail !== null).sort((a, b) => b.sent_at.localeCompare(a.sent_at));
}
