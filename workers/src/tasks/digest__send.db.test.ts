import type { JobHelpers } from 'graphile-worker';
import { createServer, type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMail, type Mail } from '@prosa/supabase-embedded/mail/mail.ts';
import { useDatabase } from '../../../tests/database/database.ts';
import { uuid } from '../../../tests/database/people.ts';
import { arrangeConversation, notify } from '../../../tests/database/telling/stage.ts';
import { createMailer } from '../mail/smtp.ts';
import { digestSend } from './digest__send.ts';

const database = useDatabase();
const helpers = { logger: { warn: () => {} } } as unknown as JobHelpers;
const closing: (() => void | Promise<void>)[] = [];

interface Stored {
	to: string;
	subject: string;
	text: string;
	html: string;
	headers: Record<string, string>;
}

let mailbox: Mail;
beforeAll(async () => {
	mailbox = await createMail({ port: 0, smtpPort: 0 });
});
afterAll(async () => {
	for (const close of closing.reverse()) await close();
	await mailbox.close();
});

const arrived = async () => (await (await fetch(`${mailbox.url}/api/messages`)).json()) as Stored[];

/** Something has happened to Caio while he was away, and his letter is due. Gives its id. */
async function letter(name: string): Promise<string> {
	const conversation = await arrangeConversation(database.owner, { name, assignee: 'caio' });
	await database.owner`update public.conversations set preview = 'Tem bolo de <milho>?', preview_direction = 'in' where id = ${conversation}`;
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	await database.owner`
		update private.digests set look_at = case when user_id = ${uuid('caio')} then now() else 'infinity' end, seen_at = '-infinity'`;
	await database.worker`select private.compose_digests()`;
	const [row] = await database.owner<{ id: string }[]>`select id from private.digest_mails`;
	return row?.id ?? '';
}

function deps(url: string | null, patience = 1_000) {
	const mailer = createMailer(url ?? '', 'Prosa <avisos@prosa.test>', patience);
	closing.push(() => mailer.close());
	return {
		mailer,
		webUrl: 'https://app.prosa.test',
		unsubscribeUrl: 'https://api.prosa.test/functions/v1/unsubscribe'
	};
}
const send = (id: string, mail: ReturnType<typeof deps>) =>
	digestSend({ db: database.worker, mail })({ digest_mail_id: id }, helpers);

const state = async () => {
	const [row] = await database.owner<{ problem: string | null; refusals: number; waiting: number }[]>`
		select d.problem, d.refusals, (select count(*)::int from private.digest_mails) as waiting
		from private.digests d where d.user_id = ${uuid('caio')} and d.tenant_id = ${uuid('padaria')}`;
	return row;
};
/** Throws away what waits, so that the next test begins anew. */
async function forget() {
	await database.owner`delete from private.digest_mails`;
	await database.owner`update private.digests set refusals = 0`;
	await database.owner`update public.notifications set read_at = now() where read_at is null`;
}

/** A mail server that answers as it is told. */
async function server(options: ConstructorParameters<typeof SMTPServer>[0]): Promise<string> {
	const smtp = new SMTPServer({
		authOptional: true,
		disabledCommands: ['AUTH', 'STARTTLS'],
		closeTimeout: 100,
		...options
	});
	smtp.on('error', () => {});
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
	closing.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
	return `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
}
const saying = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });

test('a letter arrives whole: who it is for, both parts, links, and how to stop it by one click', async () => {
	const id = await letter('Maria <Silva>');
	await send(id, deps(mailbox.smtpUrl));
	const [mail, ...others] = await arrived();
	expect(others).toEqual([]);
	expect(mail).toMatchObject({ to: 'caio@example.test', subject: 'Maria <Silva>: Você foi mencionado em uma nota' });
	expect(mail?.text).toContain('“Tem bolo de <milho>?”');
	expect(mail?.text).toMatch(/https:\/\/app\.prosa\.test\/padaria\/inbox\/[0-9a-f-]{36}/);
	expect(mail?.html).toContain('Maria &lt;Silva&gt;');
	expect(mail?.html).not.toContain('<milho>');
	expect(mail?.headers).toMatchObject({
		'message-id': `<digest-${id}@prosa.test>`,
		'list-unsubscribe': expect.stringMatching(
			/^<https:\/\/api\.prosa\.test\/functions\/v1\/unsubscribe\?token=[0-9a-f-]{36}>$/
		),
		'list-unsubscribe-post': 'List-Unsubscribe=One-Click'
	});
	expect(await state()).toEqual({ problem: null, refusals: 0, waiting: 0 });
	await send(id, deps(mailbox.smtpUrl));
	expect(await arrived(), 'a job that runs twice mails once').toHaveLength(1);
	await forget();
});

test('a worker that dies after the server took the letter sends it again under the same Message-ID, then never more', async () => {
	await fetch(`${mailbox.url}/api/messages`, { method: 'DELETE' });
	const id = await letter('again');
	const mail = deps(mailbox.smtpUrl);
	// It dies before it can say so: the letter stays.
	const dying = {
		...mail,
		mailer: {
			...mail.mailer,
			send: async (it: Parameters<typeof mail.mailer.send>[0]) => {
				await mail.mailer.send(it);
				throw new Error('killed');
			}
		}
	};
	await expect(send(id, dying)).rejects.toThrow('killed');
	await send(id, mail);
	await send(id, mail);
	const ids = (await arrived()).map(({ headers }) => headers['message-id']);
	expect(ids).toEqual([`<digest-${id}@prosa.test>`, `<digest-${id}@prosa.test>`]);
	await forget();
});

test('a server that nobody answers for is tried again later, and why is kept for its reader', async () => {
	const free = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => free.once('listening', resolve));
	const { port } = free.address() as AddressInfo;
	await new Promise((resolve) => free.close(resolve));
	const id = await letter('unreached');
	await send(id, deps(`smtp://127.0.0.1:${port}`));
	expect(await state()).toEqual({ problem: expect.stringContaining('ECONNREFUSED'), refusals: 0, waiting: 1 });
	const waits = async () => {
		const [job] = await database.owner<{ seconds: number }[]>`
			select extract(epoch from run_at - now())::int as seconds from graphile_worker.jobs where key = ${`digest:${id}`}`;
		return job?.seconds ?? 0;
	};
	const first = await waits();
	expect(first).toBeGreaterThan(30);
	await send(id, deps(`smtp://127.0.0.1:${port}`));
	expect(await waits(), 'longer each time').toBeGreaterThan(first + 30);
	await send(id, deps(mailbox.smtpUrl));
	expect(await state()).toEqual({ problem: null, refusals: 0, waiting: 0 });
	await forget();
});

test('a server that greets nobody is given up on in time', async () => {
	const sockets = new Set<{ destroy(): void }>();
	const silent = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => silent.once('listening', resolve));
	closing.push(() => {
		for (const socket of sockets) socket.destroy();
		silent.close();
	});
	const id = await letter('slow');
	await send(id, deps(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, 300));
	expect(await state()).toMatchObject({ problem: expect.stringMatching(/greeting|time/i), waiting: 1 });
	await forget();
});

test('a server that takes the letter and then says nothing may have it: it is sent again, not forgotten', async () => {
	const url = await server({ onData: (stream) => void stream.resume() });
	const id = await letter('swallowed');
	await send(id, deps(url, 300));
	expect(await state()).toMatchObject({ waiting: 1, refusals: 0 });
	await forget();
});

test('“not now” is tried again; “never to this address” is not, and counts', async () => {
	const busy = await server({ onRcptTo: (_address, _session, done) => done(saying(451, 'greylisted')) });
	const id = await letter('greylisted');
	await send(id, deps(busy));
	expect(await state()).toEqual({ problem: expect.stringContaining('greylisted'), refusals: 0, waiting: 1 });
	const refusing = await server({ onRcptTo: (_address, _session, done) => done(saying(550, 'no such user')) });
	await send(id, deps(refusing));
	expect(await state()).toEqual({ problem: expect.stringContaining('no such user'), refusals: 1, waiting: 0 });
	await forget();
});

test('a password that does not fit is the installation’s fault, and nobody’s letter is refused for it', async () => {
	const locked = await server({
		authOptional: false,
		disabledCommands: ['STARTTLS'],
		allowInsecureAuth: true,
		onAuth: (_auth, _session, done) => done(saying(535, 'wrong password'))
	});
	const id = await letter('locked');
	await send(id, deps(locked.replace('smtp://', 'smtp://prosa:wrong@')));
	expect(await state()).toMatchObject({ problem: expect.stringContaining('wrong password'), refusals: 0, waiting: 1 });
	await forget();
});
