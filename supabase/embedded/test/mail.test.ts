import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createMail, type Mail, type MailOptions } from '../src/mail/mail.ts';
import { renderMail } from '../src/mail/templates.ts';

const open: Mail[] = [];
const mailbox = async (options: Partial<MailOptions> = {}) => {
	const mail = await createMail({ port: 0, ...options });
	open.push(mail);
	return mail;
};
const hello = {
	to: 'ana@padaria.test',
	subject: 'Olá',
	text: 'Veja https://example.com/a?b=1&c=2',
	html: '<p>Olá</p>'
};
const messages = async (mail: Mail, query = '') => (await fetch(`${mail.url}/api/messages${query}`)).json();

afterEach(async () => {
	await Promise.all(open.splice(0).map((mail) => mail.close()));
});

test('a mail sent can be read over the API, newest first and by recipient', async () => {
	const mail = await mailbox();
	await mail.send(hello);
	await mail.send({ ...hello, to: 'Bruno@oficina.test', subject: 'Oi' });
	expect((await messages(mail)).map((m: { subject: string }) => m.subject)).toEqual(['Oi', 'Olá']);
	const [bruno, ...others] = await messages(mail, '?to=bruno@OFICINA.test');
	expect(others).toEqual([]);
	expect(await (await fetch(`${mail.url}/api/messages/${bruno.id}`)).json()).toEqual(bruno);
	expect((await fetch(`${mail.url}/api/messages/nothing`)).status).toBe(404);
});

test('mails outlive a restart, and a half-written file stops nobody', async () => {
	const dataDir = await mkdtemp(join(tmpdir(), 'mail-'));
	const first = await mailbox({ dataDir });
	await first.send(hello);
	await writeFile(join(dataDir, 'mails', 'broken.json'), '{"to":');
	const second = await mailbox({ dataDir });
	expect(await messages(second)).toMatchObject([hello]);
	await fetch(`${second.url}/api/messages`, { method: 'DELETE' });
	expect(await messages(second)).toEqual([]);
	expect(await readdir(join(dataDir, 'mails'))).toEqual(['broken.json']);
});

test('markup in a subject or a text is shown, never run', async () => {
	const mail = await mailbox();
	await mail.send({
		...hello,
		subject: '<script>alert(1)</script>',
		text: '"><img src=x onerror=alert(1)> https://example.com/"onclick=x'
	});
	const [{ id }] = await messages(mail);
	for (const path of ['/', `/messages/${id}`]) {
		const page = await (await fetch(`${mail.url}${path}`)).text();
		expect(page).not.toMatch(/<script|<img|"onclick/);
	}
});

test('the page loads nothing from elsewhere and the HTML of a mail sits in a sandbox', async () => {
	const mail = await mailbox();
	await mail.send(hello);
	const [{ id }] = await messages(mail);
	const page = await fetch(`${mail.url}/messages/${id}`);
	expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
	// With 'no-referrer' the page's own form would come from the origin null and be refused.
	expect(page.headers.get('referrer-policy')).toBe('same-origin');
	const html = await page.text();
	expect(html).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
	expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=2"');
	const frame = await fetch(`${mail.url}/messages/${id}/html`);
	expect(frame.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-popups/);
	expect(await frame.text()).toBe('<p>Olá</p>');
});

test('a site that points its name at this machine reads nothing', async () => {
	const mail = await mailbox();
	await mail.send(hello);
	const status = await new Promise((resolve) => {
		request(`${mail.url}/api/messages`, { headers: { host: 'evil.example' } }, (response) =>
			resolve(response.resume().statusCode)
		).end();
	});
	expect(status).toBe(403);
	const cleared = await fetch(`${mail.url}/clear`, {
		method: 'POST',
		headers: { origin: 'https://evil.example' },
		redirect: 'manual'
	});
	expect(cleared.status).toBe(403);
	expect(await messages(mail)).toHaveLength(1);
});

test('a taken port is an error, not a silence', async () => {
	const mail = await mailbox();
	await expect(createMail({ port: Number(new URL(mail.url).port) })).rejects.toThrow('EADDRINUSE');
});

test.each(['confirmation', 'invite', 'recovery', 'magiclink', 'email_change'] as const)(
	'the %s mail carries its link and code in text and HTML, in both languages',
	(kind) => {
		const link = 'http://127.0.0.1:54321/auth/v1/verify?token=abc&type=x';
		const { subject, text, html } = renderMail(kind, { link, otp: '012345' });
		expect(subject).toContain(' · ');
		expect(text).toContain(`\n${link}\n`);
		expect(html).toContain(`href="${link.replaceAll('&', '&amp;')}"`);
		for (const body of [text, html]) {
			expect(body).toContain('012345');
			expect(body).toContain('uma hora');
			expect(body).toContain('one hour');
		}
	}
);

test('programs hand their mails in by SMTP, and find them in the same mailbox with their headers', async () => {
	const mail = await mailbox({ smtpPort: 0 });
	const socket = connect(Number(new URL(mail.smtpUrl ?? '').port), '127.0.0.1').setEncoding('utf8');
	let heard = '';
	socket.on('data', (text: string) => (heard += text));
	const says = async (line: string, code: string) => {
		heard = '';
		socket.write(`${line}\r\n`);
		await vi.waitFor(() => expect(heard).toMatch(new RegExp(`^${code} `, 'm')));
	};
	await vi.waitFor(() => expect(heard).toMatch(/^220 /));
	await says('EHLO prosa.test', '250');
	await says('MAIL FROM:<avisos@prosa.test>', '250');
	await says('RCPT TO:<ana@padaria.test>', '250');
	await says('DATA', '354');
	await says('Subject: =?utf-8?Q?Ol=C3=A1?=\r\nMessage-ID: <1@prosa.test>\r\n\r\nBom dia\r\n.', '250');
	await says('QUIT', '221');
	expect(await messages(mail, '?to=ana@padaria.test')).toMatchObject([
		{ subject: 'Olá', text: 'Bom dia\n', headers: { 'message-id': '<1@prosa.test>' } }
	]);
});
