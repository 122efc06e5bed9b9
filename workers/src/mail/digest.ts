import type { Locale } from '@prosa/core/locale.ts';
import { sentenceOf, WORDS } from './words.ts';

/** One thing that waits, as `private.claim_digest` tells it. */
export interface Item {
	type: string;
	stage: 'due' | 'warning' | null;
	count: number;
	at: string;
	actor: string | null;
	conversation_id: string;
	contact: string | null;
	preview: string | null;
}

export interface Digest {
	name: string;
	locale: Locale;
	zone: string;
	workspace: string;
	workspace_name: string;
	items: Item[];
}

/** A letter is read at a glance; what is more stands in the app. */
const MOST = 15;

interface Waiting {
	title: string;
	sentences: string[];
	preview: string | null;
	at: string;
	url: string;
}

/** What the letter says: subject, plain text and HTML. `url` is the web's address, `stop` where one stops the letters. */
export function writeDigest(digest: Digest, url: string, stop: string) {
	const { locale, workspace, workspace_name: company } = digest;
	const words = WORDS[locale];
	const waiting = byConversation(digest, url);
	const shown = waiting.slice(0, MOST);
	const left = waiting.length - shown.length;
	const inbox = new URL(`/${workspace}/inbox`, url).href;
	const settings = new URL(`/${workspace}/settings/notifications`, url).href;
	const [only] = shown;
	const subject =
		waiting.length === 1 && only ? `${only.title}: ${only.sentences[0]}` : words.subject(waiting.length, company);
	const text = [
		words.hello(digest.name),
		'',
		words.intro(waiting.length, company),
		'',
		...shown.flatMap(({ title, sentences, preview, at, url: to }) => [
			`${title} · ${at}`,
			sentences.join('. '),
			...(preview === null ? [] : [`“${preview}”`]),
			to,
			''
		]),
		...(left > 0 ? [words.more(left), inbox, ''] : []),
		'--',
		words.why(company),
		`${words.change}: ${settings}`,
		`${words.stop}: ${stop}`,
		''
	].join('\n');
	const rows = shown.map(
		({
			title,
			sentences,
			preview,
			at,
			url: to
		}) => `<a href="${escape(to)}" style="display:block;padding:14px 0;border-top:1px solid #e4e4df;color:#1c1c1a;text-decoration:none">
<span style="float:right;color:#6b6b66;font-size:13px">${escape(at)}</span><strong>${escape(title)}</strong><br>
<span style="color:#3f3f3b;font-size:14px">${escape(sentences.join('. '))}</span>${preview === null ? '' : `<br>\n<span style="color:#6b6b66;font-size:14px">“${escape(preview)}”</span>`}
</a>`
	);
	const html = `<!doctype html>
<html lang="${locale}">
<body style="margin:0;padding:32px 16px;background:#f4f4f2;font:16px/1.5 system-ui,sans-serif;color:#1c1c1a">
<div style="max-width:520px;margin:0 auto;padding:32px;background:#fff;border-radius:16px">
<p style="margin:0 0 4px;font-size:13px;color:#6b6b66">${escape(company)}</p>
<p style="margin:0 0 20px">${escape(words.intro(waiting.length, company))}</p>
${rows.join('\n')}
${left > 0 ? `<p style="margin:14px 0 0;color:#6b6b66;font-size:14px">${escape(words.more(left))}</p>` : ''}
<p style="margin:24px 0 0"><a href="${escape(inbox)}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#0f766e;color:#fff;text-decoration:none;font-weight:600">${escape(words.open)}</a></p>
</div>
<p style="max-width:520px;margin:16px auto 0;font-size:13px;color:#6b6b66;text-align:center">${escape(words.why(company))}<br>
<a href="${escape(settings)}" style="color:#6b6b66">${escape(words.change)}</a> · <a href="${escape(stop)}" style="color:#6b6b66">${escape(words.stop)}</a></p>
</body>
</html>
`;
	return { subject: oneLine(subject), text, html };
}

/** Each conversation once, newest first, with everything that happened in it. */
function byConversation({ items, locale, zone, workspace }: Digest, url: string): Waiting[] {
	const found = new Map<string, Waiting>();
	const time = new Intl.DateTimeFormat(locale, {
		timeZone: zone,
		day: '2-digit',
		month: '2-digit',
		hour: '2-digit',
		minute: '2-digit'
	});
	for (const item of items) {
		const sentence = sentenceOf(item, locale);
		const known = found.get(item.conversation_id);
		if (known) known.sentences.push(sentence);
		else
			found.set(item.conversation_id, {
				title: oneLine(item.contact ?? WORDS[locale].somebody),
				sentences: [sentence],
				preview: item.preview === null ? null : oneLine(item.preview),
				at: time.format(new Date(item.at)),
				url: new URL(`/${workspace}/inbox/${item.conversation_id}`, url).href
			});
	}
	return [...found.values()];
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
