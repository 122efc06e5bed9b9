import { buildMessage } from '@prosa/core/whatsapp/build.ts';
import type { OutgoingContent } from '@prosa/core/whatsapp/outgoing/content.ts';
import { expect, test } from 'vitest';
import type { Upload, UploadAnswer } from '../media/upload.ts';
import { NotPrepared, prepareContent } from './prepare.ts';

const photo = { path: 't/uploads/u/1/pao.jpg', mime_type: 'image/jpeg', size: 10 };

/** Meta's hands: every file gets an id by its path, unless a test says otherwise. */
function hands(
	answer: (upload: Upload) => UploadAnswer = ({ path }) => ({ type: 'uploaded', media_id: `id of ${path}` })
) {
	const given: Upload[] = [];
	const upload = async (file: Upload) => {
		given.push(file);
		return answer(file);
	};
	return { given, upload };
}

function prepare(content: OutgoingContent, { upload } = hands(), attempt = 1) {
	const { kind, ...rest } = content;
	const claim = { attempt, channel_id: 'c', phone_number_id: '106', kind, content: { ...rest } };
	return prepareContent(claim, { token: 'EAA', upload, signal: new AbortController().signal });
}

const sent = async (content: OutgoingContent, uploads = hands()) =>
	buildMessage(await prepare(content, uploads), { to: '5511' });

test('a photo goes out under the id Meta gave it, without what only we know of it', async () => {
	const uploads = hands();
	const message = await sent({ kind: 'image', ...photo, caption: 'O pão', filename: 'pao.jpg' }, uploads);
	expect(message.image).toEqual({ id: `id of ${photo.path}`, caption: 'O pão' });
	expect(uploads.given).toEqual([
		{
			channelId: 'c',
			phoneNumberId: '106',
			token: 'EAA',
			path: photo.path,
			mimeType: 'image/jpeg',
			filename: 'pao.jpg'
		}
	]);
});

test('a voice says that it is one, and a document its name', async () => {
	const voice = { kind: 'audio', path: 'v', mime_type: 'audio/ogg', size: 1, voice: true } as const;
	expect((await sent(voice)).audio).toEqual({ id: 'id of v', voice: true });
	const document = { kind: 'document', path: 'd', mime_type: 'application/pdf', size: 1, filename: 'a.pdf' } as const;
	expect((await sent(document)).document).toEqual({ id: 'id of d', filename: 'a.pdf' });
});

test('headers, cards and a template’s variables hold files too, each given once', async () => {
	const uploads = hands();
	const card = (card_index: number) => ({
		card_index,
		type: 'cta_url' as const,
		header: { type: 'image' as const, image: photo },
		action: { name: 'cta_url' as const, parameters: { display_text: 'Ver', url: 'https://padaria.test' } }
	});
	const carousel = { type: 'carousel' as const, body: { text: 'Oi' }, action: { cards: [card(0), card(1)] } };
	const message = await sent({ kind: 'interactive', interactive: carousel }, uploads);
	expect(message.interactive).toMatchObject({
		action: { cards: [{ header: { image: { id: `id of ${photo.path}` } } }, { header: { type: 'image' } }] }
	});
	expect(JSON.stringify(message)).not.toContain('mime_type');
	expect(uploads.given).toHaveLength(1);

	const template = await sent({
		kind: 'template',
		name: 'oferta',
		language: 'pt_BR',
		components: [{ type: 'header', parameters: [{ type: 'image', image: photo }] }]
	});
	expect(template.template).toEqual({
		name: 'oferta',
		language: { code: 'pt_BR' },
		components: [{ type: 'header', parameters: [{ type: 'image', image: { id: `id of ${photo.path}` } }] }]
	});
});

test('what has no file of ours goes as it is', async () => {
	const uploads = hands();
	expect(await sent({ kind: 'image', link: 'https://padaria.test/1.jpg' }, uploads)).toMatchObject({
		image: { link: 'https://padaria.test/1.jpg' }
	});
	expect(await prepare({ kind: 'text', text: 'Oi' }, uploads)).toEqual({ kind: 'text', text: 'Oi' });
	expect(uploads.given).toEqual([]);
});

test('what Meta says of a file decides what becomes of the message', async () => {
	const outcomes: [UploadAnswer, string][] = [
		[{ type: 'missing' }, 'failed'],
		[{ type: 'unreached', reason: 'ECONNREFUSED' }, 'retry'],
		[{ type: 'refused', status: 401, error: { code: 190, title: 'expired', details: null } }, 'hold'],
		[{ type: 'refused', status: 400, error: { code: 131_053, title: 'bad file', details: null } }, 'retry'],
		[{ type: 'refused', status: 400, error: { code: 131_051, title: 'type', details: null } }, 'failed']
	];
	for (const [answer, result] of outcomes) {
		const error = await prepare(
			{ kind: 'image', ...photo },
			hands(() => answer)
		).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(NotPrepared);
		expect((error as NotPrepared).outcome.result, JSON.stringify(answer)).toBe(result);
	}
});
