import { buildMessage } from '@prosa/core/whatsapp/build.ts';
import { SENDABLE } from '@prosa/core/whatsapp/outgoing/cases/sendable.ts';
import { uploadsOf, withMediaIds } from '@prosa/core/whatsapp/outgoing/files.ts';
import { expect, test } from 'vitest';
import { contentSchemas, envelopeSchema, isOutboundKind } from './outbound.ts';

test.each(Object.entries(SENDABLE))('%s is taken as WhatsApp takes it', (_, content) => {
	const ids = new Map(uploadsOf(content).map(({ path }, n) => [path, `${n + 1}`]));
	const message = buildMessage(withMediaIds(content, ids), { to: '5511987654321', target_external_id: 'wamid.T' });
	const { type } = envelopeSchema.parse(message);
	if (!type || !isOutboundKind(type)) throw new Error(`no such kind: ${type}`);
	const parsed = contentSchemas[type].safeParse(message[type]);
	expect(parsed.error?.issues ?? []).toEqual([]);
});
