import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildMessage, buildReadReceipt } from './build.ts';
import type { OutgoingContent } from './outgoing/content.ts';

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
		expect(buildMessage(contentOf(whole), { to: wanted.to, target_external_id: target ?? null })).toEqual(whole);
	});
});

function contentOf(request: { type: string } & Record<string, never>): OutgoingContent {
	const kind: string = request.type;
	const part: Record<string, unknown> = request[kind] ?? {};
	const { id, ...rest } = part;
	const contents: Record<string, object> = {
		text: { text: part.body, preview_url: part.preview_url },
		contacts: { contacts: part },
		interactive: { interactive: part },
		template: { ...part, language: (part.language as { code: string } | undefined)?.code }
	};
	return { kind, ...(contents[kind] ?? { ...rest, media_id: id }) } as OutgoingContent;
}
