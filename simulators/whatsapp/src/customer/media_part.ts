import { bareType } from '../media/formats.ts';
import { sampleOf } from '../media/samples.ts';
import type { World } from '../world.ts';
import type { Business } from '../state/business.ts';
import type { InboundAction } from './inbound.ts';

type MediaAction = Extract<InboundAction, { kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker' }>;

/** Puts the file on Meta's shelf and describes it as webhooks do: type, hash in base64, id, and a URL for five minutes. */
export function mediaPart(
	world: World,
	business: Business,
	base: string,
	action: MediaAction
): Record<string, unknown> {
	const given = sampleOf(action, world.random);
	const bytes = action.data === undefined ? given.bytes : Buffer.from(action.data, 'base64');
	const mimeType = action.data === undefined ? given.mimeType : (action.mime_type ?? given.mimeType);
	const media = world.media.add(bytes, {
		phone_number_id: business.phone_number_id,
		mime_type: mimeType,
		filename: action.filename ?? null,
		origin: 'webhook'
	});
	return {
		...('caption' in action && action.caption !== undefined ? { caption: action.caption } : {}),
		...(action.kind === 'document'
			? { filename: action.filename ?? given.filename ?? `arquivo.${bareType(mimeType).split('/')[1]}` }
			: {}),
		mime_type: mimeType,
		sha256: Buffer.from(media.sha256, 'hex').toString('base64'),
		id: media.id,
		url: world.media.url(base, media),
		...(action.kind === 'audio' ? { voice: action.voice } : {}),
		...(action.kind === 'voice' ? { voice: true } : {}),
		...(action.kind === 'sticker' ? { animated: action.animated } : {})
	};
}
