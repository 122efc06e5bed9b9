import { escapeHtml } from './escape.ts';

export type MailKind = 'confirmation' | 'invite' | 'recovery' | 'magiclink' | 'email_change';

interface Words {
	readonly subject: string;
	readonly portuguese: string;
	readonly english: string;
	readonly button: string;
}

const WORDS: Record<MailKind, Words> = {
	confirmation: {
		subject: 'Confirme seu e-mail · Confirm your e-mail',
		portuguese: 'Que bom ter você aqui. Confirme que este e-mail é seu para começar.',
		english: 'Good to have you here. Confirm that this address is yours to begin.',
		button: 'Confirmar e-mail · Confirm e-mail'
	},
	invite: {
		subject: 'Você recebeu um convite · You have been invited',
		portuguese: 'Sua equipe convidou você. Aceite o convite e escolha uma senha.',
		english: 'Your team has invited you. Accept the invitation and choose a password.',
		button: 'Aceitar convite · Accept invitation'
	},
	recovery: {
		subject: 'Escolha uma nova senha · Choose a new password',
		portuguese: 'Alguém pediu uma nova senha para esta conta. Se não foi você, ignore esta mensagem.',
		english: 'Someone asked for a new password for this account. If it was not you, ignore this message.',
		button: 'Escolher nova senha · Choose new password'
	},
	magiclink: {
		subject: 'Seu link de acesso · Your sign-in link',
		portuguese: 'Aqui está o link para entrar. Se não foi você quem pediu, ignore esta mensagem.',
		english: 'Here is the link to sign in. If you did not ask for it, ignore this message.',
		button: 'Entrar · Sign in'
	},
	email_change: {
		subject: 'Confirme a troca de e-mail · Confirm the change of e-mail',
		portuguese: 'Alguém pediu para trocar o e-mail desta conta. Confirme se foi você; caso contrário, ignore.',
		english: 'Someone asked to change the e-mail of this account. Confirm if it was you; otherwise ignore this.',
		button: 'Confirmar troca · Confirm change'
	}
};

const VALID_CODE = 'O código vale por uma hora. · The code is good for one hour.';
const VALID = 'O link vale por uma hora. · The link is good for one hour.';

/** The subject, plain text and HTML of a mail with a link and a code, in Portuguese and English. */
export function renderMail(
	kind: MailKind,
	{ link, otp }: { link: string; otp: string }
): { subject: string; text: string; html: string } {
	return render(WORDS[kind], otp, link);
}

/** The mail with the code that a change of password asks for. There is nothing to click. */
export function renderCodeMail(otp: string): { subject: string; text: string; html: string } {
	return render(
		{
			subject: 'Código para trocar a senha · Code to change the password',
			portuguese: 'Use este código para trocar a senha. Se não foi você quem pediu, troque a senha mesmo assim.',
			english: 'Use this code to change the password. If you did not ask for it, change the password all the same.'
		},
		otp
	);
}

type Rendered = Pick<Words, 'subject' | 'portuguese' | 'english'> & { button?: string };

function render({ subject, portuguese, english, button = '' }: Rendered, otp: string, link?: string) {
	const valid = link === undefined ? VALID_CODE : VALID;
	const linkText = link === undefined ? [] : [link, ''];
	const text = [portuguese, english, '', ...linkText, `Código · Code: ${otp}`, '', valid, ''].join('\n');
	const linkHtml =
		link === undefined
			? ''
			: `
<p style="margin:0 0 24px"><a href="${escapeHtml(link)}" target="_blank" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#0f766e;color:#fff;text-decoration:none;font-weight:600">${escapeHtml(button)}</a></p>`;
	const html = `<!doctype html>
<html lang="pt-BR">
<body style="margin:0;padding:32px 16px;background:#f4f4f2;font:16px/1.5 system-ui,sans-serif;color:#1c1c1a">
<div style="max-width:480px;margin:0 auto;padding:32px;background:#fff;border-radius:16px">
<p style="margin:0 0 8px">${escapeHtml(portuguese)}</p>
<p style="margin:0 0 24px;color:#6b6b66">${escapeHtml(english)}</p>${linkHtml}
<p style="margin:0 0 24px">Código · Code: <strong style="letter-spacing:.2em">${escapeHtml(otp)}</strong></p>
<p style="margin:0;font-size:14px;color:#6b6b66">${escapeHtml(valid)}</p>
</div>
</body>
</html>
`;
	return { subject, text, html };
}
