import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildMessage, buildReadReceipt } from './build.ts';
import { REQUESTS } from './outgoing/cases/requests.ts';
import { SENDABLE } from './outgoing/cases/sendable.ts';
import { checkContent, type OutgoingContent } from './outgoing/content.ts';
import { uploadsOf, withMediaIds } from './outgoing/files.ts';

const published = new URL('../../../../shared/fixtures/whatsapp/outbound/', import.meta.url);

test('a text carries its quote and our id', () => {
	const envelope = { to: '5511987654321', target_external_id: 'wamid.Q', opaque: 'our id' };
	expect(buildMessage({ kind: 'text', text: 'Olá' }, envelope)).toEqual({
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		to: '5511987654321',
		context: { message_id: 'wamid.Q' },
		type: 'text',
		text: { body: 'Olá', preview_url: false },
		biz_opaque_callback_data: 'our id'
	});
});

test('a person without a phone is reached by recipient', () => {
	const body = buildMessage({ kind: 'text', text: 'Olá' }, { to: null, recipient: 'BR.1349' });
	expect(body).toMatchObject({ recipient: 'BR.1349' });
	expect(body).not.toHaveProperty('to');
	expect(() => buildMessage({ kind: 'text', text: 'Olá' }, { to: null })).toThrow();
});

test('a reaction names its message and quotes nothing', () => {
	const body = buildMessage({ kind: 'reaction', emoji: '' }, { to: '551199', target_external_id: 'wamid.R' });
	expect(body).toMatchObject({ reaction: { message_id: 'wamid.R', emoji: '' } });
	expect(body).not.toHaveProperty('context');
});

test.each(Object.entries(REQUESTS))(
	'%s is asked of Meta as its pages say',
	(name, { type, payload, quotes = true }) => {
		const content = SENDABLE[name];
		if (!content) throw new Error(`there is no ${name}`);
		const ids = new Map(uploadsOf(content).map(({ path }, n) => [path, `${n + 1}`]));
		const message = buildMessage(withMediaIds(content, ids), { to: '5511987654321', target_external_id: 'wamid.T' });
		expect(message).toEqual({
			messaging_product: 'whatsapp',
			recipient_type: 'individual',
			to: '5511987654321',
			...(quotes ? { context: { message_id: 'wamid.T' } } : {}),
			type,
			[type]: payload
		});
	}
);

test('a text with a link goes without a preview where the agent took it off', () => {
	const text = { kind: 'text', text: 'Veja https://padaria.test', preview_url: false } as const;
	expect(buildMessage(text, { to: '55' }).text).toEqual({ body: 'Veja https://padaria.test', preview_url: false });
});

describe.skipIf(!existsSync(published))('published requests', () => {
	const files = existsSync(published) ? readdirSync(published) : [];

	test.each(files)('%s can be produced', (file) => {
		const wanted = JSON.parse(readFileSync(new URL(file, published), 'utf8'));
		if (wanted.status === 'read') {
			expect(buildReadReceipt(wanted.message_id, true)).toEqual(wanted);
			return;
		}
		// Meta's own defaults, which some examples leave out and we always say
		const whole = { recipient_type: 'individual', type: 'text', ...wanted };
		const target = wanted.context?.message_id ?? wanted.reaction?.message_id;
		const content = contentOf(whole);
		if (!PLACEHOLDERS.has(file)) expect(checkContent(sendableOf(content))).toBeNull();
		expect(buildMessage(content, { to: wanted.to, target_external_id: target ?? null })).toEqual(whole);
	});
});

function contentOf(request: { type: string } & Record<string, never>): OutgoingContent {
	const kind: string = request.type;
	const part: Record<string, unknown> = request[kind] ?? {};
	const { id, ...rest } = part;
	const contents: Record<string, object> = {
		text: { text: part.body, preview_url: part.preview_url },
		contacts: { contacts: part },
		reaction: { emoji: part.emoji },
		interactive: { interactive: part },
		template: { ...part, language: (part.language as { code: string } | undefined)?.code }
	};
	return { kind, ...(contents[kind] ?? { ...rest, media_id: id }) } as OutgoingContent;
}

/** Examples that hold a placeholder in the place of an address, a language or a cut-off id. */
const PLACEHOLDERS = new Set([
	'out_document_url.json',
	'out_image_url.json',
	'out_template_interactive.json',
	'out_template_media.json',
	'out_template_text.json'
]);

/** The content as an agent gives it: where an example has Meta's id of a file, a file of ours. */
function sendableOf(content: OutgoingContent): OutgoingContent {
	if (!('media_id' in content) || !content.media_id) return content;
	const types = {
		image: 'image/png',
		audio: 'audio/ogg',
		video: 'video/mp4',
		document: 'application/pdf',
		sticker: 'image/webp'
	};
	const { media_id: path, ...rest } = content;
	return { ...rest, path, mime_type: types[content.kind], size: 1_000 };
}
