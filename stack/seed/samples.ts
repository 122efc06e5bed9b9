import type { MessageMedia } from '@prosa/core/media/media.ts';
import { readFileSync } from 'node:fs';

/** Files that the demo's past shows; the simulated phone sends the same. */
export const SAMPLES = new URL('../../simulators/whatsapp/samples/', import.meta.url);
export const THUMBNAILS = new URL('thumbnails/', import.meta.url);

export const SAMPLE_TYPES: Readonly<Record<string, string>> = {
	'foto.jpg': 'image/jpeg',
	'bolo.jpg': 'image/jpeg',
	'painel.jpg': 'image/jpeg',
	'figurinha-animada.webp': 'image/webp',
	'voz.ogg': 'audio/ogg',
	'video.mp4': 'video/mp4'
};

/** What describe_samples.ts found in one; `drawn`: it has a thumbnail. */
export type Described = Pick<MessageMedia, 'width' | 'height' | 'duration_seconds' | 'waveform' | 'animated'> & {
	drawn: boolean;
};

export function describedSamples(): Record<string, Described> {
	return JSON.parse(readFileSync(new URL('samples.json', import.meta.url), 'utf8')) as Record<string, Described>;
}
