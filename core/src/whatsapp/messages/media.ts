import { z } from 'zod';
import type { MediaKind } from '../content.ts';
import { part } from './part.ts';
import { MaybeText } from './schema.ts';

export const MediaPayload = z
	.object({
		id: MaybeText,
		mime_type: MaybeText,
		sha256: MaybeText,
		caption: MaybeText,
		filename: MaybeText,
		voice: z.boolean().nullish(),
		animated: z.boolean().nullish(),
		url: MaybeText,
		link: MaybeText
	})
	.refine((media) => media.id || media.url || media.link, 'neither an id nor an address');

/** Image, audio, video, document and sticker differ only in which fields they fill. */
export const media = part(null, MediaPayload, ({ id, url, link, voice, animated, ...rest }, kind) => ({
	content: {
		kind: kind as MediaKind,
		media_id: id,
		...rest,
		voice: voice ?? false,
		animated: animated ?? false,
		// Meta's address of a media id dies in minutes and differs with every delivery of the same message.
		url: id ? null : (url ?? link)
	},
	body: rest.caption || rest.filename || ''
}));
