import type { MessageMedia } from '@prosa/core/media/media.ts';
import { stat } from 'node:fs/promises';
import { bare } from './judge.ts';
import { readFilm } from './film.ts';
import { PICTURES, readPicture } from './picture.ts';
import { readVoice } from './voice.ts';

export type Description = Pick<MessageMedia, 'width' | 'height' | 'duration_seconds' | 'waveform' | 'animated'>;

const NOTHING: Description = { width: null, height: null, duration_seconds: null, waveform: null, animated: null };

/**
 * What a bubble needs to know of a file before it is opened. For a picture writes `thumbnail` too; whether it did is
 * said by `drawn`. A file that can't be read is a file all the same: it is described by nothing.
 */
export async function describeFile(
	file: string,
	mimeType: string,
	thumbnail: string
): Promise<Description & { drawn: boolean }> {
	const type = bare(mimeType);
	if (PICTURES.has(type)) {
		const picture = await readPicture(file, thumbnail);
		return { ...NOTHING, ...picture, drawn: picture !== null && (await exists(thumbnail)) };
	}
	const voice = type === 'audio/ogg' ? await readVoice(file) : null;
	const film = voice === null && /^(audio|video)\//.test(type) ? await readFilm(file) : null;
	return { ...NOTHING, ...film, ...voice, drawn: false };
}

const exists = (file: string) =>
	stat(file).then(
		() => true,
		() => false
	);
