import {
	BlobSource,
	BufferTarget,
	Conversion,
	Input,
	MATROSKA,
	MP4,
	OGG,
	OggOutputFormat,
	Output,
	WEBM
} from 'mediabunny';

/** Voice messages are Ogg with Opus: Cloud API, audio messages. Anything else is shown as a file of sound. */
export const voiceType = 'audio/ogg';

/** What browsers can record, the best for us first: Firefox makes Ogg itself, Chromium and new Safaris WebM with Opus. */
const recordable = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4;codecs=opus', 'audio/mp4'];

/** As what this browser records; undefined leaves it to the browser. */
export function recordingType(isSupported: (type: string) => boolean): string | undefined {
	return recordable.find(isSupported);
}

/**
 * A recording as Ogg with Opus. Opus is copied packet by packet, whatever it came in; another codec is converted where
 * the browser can. Throws where it can't.
 */
export async function toOgg(recording: Blob): Promise<Blob> {
	if (recording.type.startsWith(voiceType)) return new Blob([recording], { type: voiceType });
	const target = new BufferTarget();
	const conversion = await Conversion.init({
		input: new Input({ source: new BlobSource(recording), formats: [WEBM, MATROSKA, MP4, OGG] }),
		output: new Output({ format: new OggOutputFormat(), target }),
		video: { discard: true },
		audio: { codec: 'opus' }
	});
	if (!conversion.isValid) throw new Error('this browser cannot make Ogg of the recording');
	await conversion.execute();
	if (!target.buffer) throw new Error('nothing was recorded');
	return new Blob([target.buffer], { type: voiceType });
}
