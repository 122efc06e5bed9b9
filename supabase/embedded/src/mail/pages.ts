import { createHash } from 'node:crypto';
import { escapeHtml } from './escape.ts';
import type { StoredMail } from './mailbox.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1a; --soft: #6b6b66; --line: #e4e4df; --paper: #fff; --ground: #f4f4f2; --link: #0f766e; }
@media (prefers-color-scheme: dark) { :root { --ink: #ecece8; --soft: #a1a19a; --line: #33332f; --paper: #1e1e1c; --ground: #141413; --link: #5eead4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 32px 16px; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 16px; margin-bottom: 16px; }
h1 { font-size: 20px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 14px; font-weight: 600; color: var(--soft); margin: 24px 0 8px; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
button { font: inherit; color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 8px; padding: 4px 12px; cursor: pointer; }
ul { list-style: none; margin: 0; padding: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
li + li { border-top: 1px solid var(--line); }
li a { display: block; padding: 12px 16px; color: inherit; text-decoration: none; }
li a:hover { background: var(--ground); }
li strong { display: block; font-weight: 600; overflow-wrap: anywhere; }
small, .empty { color: var(--soft); }
.empty { text-align: center; padding: 48px 0; }
iframe { width: 100%; height: 420px; border: 1px solid var(--line); border-radius: 12px; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: 16px; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; font: 14px/1.6 ui-monospace, monospace; }
`;

/** What a content security policy calls the one style of these pages. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

export function listPage(mails: readonly StoredMail[]): string {
	const items = mails.map(
		(mail) => `<li><a href="/messages/${escapeHtml(mail.id)}"><strong>${escapeHtml(mail.subject)}</strong>
<small>${escapeHtml(mail.to)} · ${moment(mail)}</small></a></li>`
	);
	const body = mails.length
		? `<ul>${items.join('\n')}</ul>`
		: `<p class="empty">Nenhum e-mail ainda. Convites e recuperações de senha chegam aqui.<br>No mail yet. Invitations and password recoveries arrive here.</p>`;
	const clear = mails.length
		? `<form method="post" action="/clear"><button>Apagar tudo · Delete all</button></form>`
		: '';
	return page('Caixa de e-mails · Mailbox', `<header><h1>Caixa de e-mails · Mailbox</h1>${clear}</header>${body}`);
}

export function mailPage(mail: StoredMail): string {
	return page(
		mail.subject,
		`<p><a href="/">← Todos · All</a></p>
<header><h1>${escapeHtml(mail.subject)}</h1></header>
<small>${escapeHtml(mail.to)} · ${moment(mail)}</small>
<h2>HTML</h2>
<iframe title="${escapeHtml(mail.subject)}" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${escapeHtml(mail.id)}/html"></iframe>
<h2>Texto · Text</h2>
<pre>${linkify(mail.text)}</pre>`
	);
}

export const notFoundPage = () =>
	page(
		'404',
		`<p class="empty">Este e-mail não existe mais. · This mail is gone.</p><p><a href="/">← Todos · All</a></p>`
	);

function page(title: string, body: string): string {
	return `<!doctype html>
<html lang="pt-BR">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body>
</html>
`;
}

function moment({ sent_at }: StoredMail): string {
	return `<time datetime="${escapeHtml(sent_at)}">${escapeHtml(`${sent_at.replace('T', ' ').slice(0, 19)} UTC`)}</time>`;
}

/** Plain text with its web addresses clickable, and nothing else. */
function linkify(text: string): string {
	return text
		.split(/(https?:\/\/[^\s<>"]+)/)
		.map((part, index) =>
			index % 2 === 1 ? `<a href="${escapeHtml(part)}" rel="noreferrer">${escapeHtml(part)}</a>` : escapeHtml(part)
		)
		.join('');
}
