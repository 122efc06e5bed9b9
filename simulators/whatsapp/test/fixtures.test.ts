import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { samplePng } from '../src/media/sample_png.ts';
import { MARINA, PADARIA, stage, WABA } from './stage.ts';

/** Published examples of send requests, kept beside the project; where they are missing there is nothing to prove. */
const folder = join(import.meta.dirname, '../../../../shared/fixtures/whatsapp/outbound');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

/** Gives the placeholders of an example the values it speaks of. */
function filled(example: string, mediaId: string, messageId: string): Record<string, unknown> {
	return JSON.parse(
		example
			.replaceAll('{{Recipient-Phone-Number}}', MARINA)
			.replace(/"<(AUDIO_OBJECT_ID|IMAGE_OBJECT_ID|MEDIA_OBJECT_ID|VIDEO_OBJECT_ID)>"/g, JSON.stringify(mediaId))
			.replace(/"(wamid\.HBgLM\.\.\.|<MSGID_OF_PREV_MSG>)"/g, JSON.stringify(messageId))
			.replace('"template-name"', '"exemplo"')
			.replace('"language-and-locale-code"', '"pt_BR"')
			.replace('http(s)://the-image-url', 'https://padaria.test/pao.jpg')
			.replace(/"<LIST_SECTION_(\d)_ROW_(\d)_(TITLE|DESC)>"/g, '"Linha $1 $2"')
			.replace(/"<LIST_SECTION_(\d)_TITLE>"/g, '"Seção $1"')
	) as Record<string, unknown>;
}

describe.skipIf(files.length === 0)('published examples of send requests', () => {
	test.each(files)('%s is accepted', async (name) => {
		const { graph, simulator, writes, control } = await stage({ webhookUrl: null });
		const media = simulator.world.media.add(samplePng(8, 8), {
			phone_number_id: PADARIA,
			mime_type: 'image/png',
			filename: null,
			origin: 'upload'
		});
		const body = filled(readFileSync(join(folder, name), 'utf8'), media.id, await writes({ kind: 'text', text: 'oi' }));
		if (body['type'] === 'template') {
			const parts = JSON.stringify(body);
			const components = [
				...(parts.includes('"header"')
					? [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::a'] } }]
					: []),
				{
					type: 'BODY',
					text: 'Uma compra: {{1}}, pelo preço de {{2}} reais, feita no dia {{3}}, foi confirmada.',
					example: { body_text: [['pão', '10', 'hoje']] }
				},
				...(parts.includes('quick_reply')
					? [{ type: 'BUTTONS', buttons: ['Sim', 'Não'].map((text) => ({ type: 'QUICK_REPLY', text })) }]
					: [])
			];
			await control('/templates', {
				waba_id: WABA,
				name: 'exemplo',
				language: 'pt_BR',
				category: 'UTILITY',
				components
			});
		}
		const answer = await graph('POST', `/v26.0/${PADARIA}/messages`, body);
		expect(answer.body, JSON.stringify(answer.body)).not.toHaveProperty('error');
		expect(answer.status).toBe(200);
	});
});
