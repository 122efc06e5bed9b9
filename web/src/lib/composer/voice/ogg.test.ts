import {
	ALL_FORMATS,
	BlobSource,
	BufferTarget,
	Conversion,
	Input,
	Output,
	OggInputFormat,
	WebMOutputFormat
} from 'mediabunny';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordingType, toOgg } from './ogg.ts';

const spoken = new Blob(
	[readFileSync(new URL('../../../../../simulators/whatsapp/samples/voz.ogg', import.meta.url))],
	{ type: 'audio/ogg' }
);

/** The same packets as Chromium records them. */
async function asWebm(ogg: Blob): Promise<Blob> {
	const target = new BufferTarget();
	const input = new Input({ source: new BlobSource(ogg), formats: ALL_FORMATS });
	const conversion = await Conversion.init({ input, output: new Output({ format: new WebMOutputFormat(), target }) });
	await conversion.execute();
	return new Blob([target.buffer ?? ''], { type: 'audio/webm;codecs=opus' });
}

async function facts(file: Blob) {
	const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
	const track = await input.getPrimaryAudioTrack();
	return {
		ogg: (await input.getFormat()) instanceof OggInputFormat,
		codec: track?.codec,
		seconds: await input.computeDuration()
	};
}

test('what Chromium records becomes Ogg with Opus, as long as it was', async () => {
	const webm = await asWebm(spoken);
	expect((await facts(webm)).ogg).toBe(false);
	const voice = await toOgg(webm);
	const [before, after] = [await facts(spoken), await facts(voice)];
	expect(voice.type).toBe('audio/ogg');
	expect(after).toMatchObject({ ogg: true, codec: 'opus' });
	expect(Math.abs(after.seconds - before.seconds)).toBeLessThan(0.1);
});

test('what is no recording is refused rather than sent', async () => {
	await expect(toOgg(new Blob(['not sound'], { type: 'audio/webm' }))).rejects.toThrow();
});

test('a browser records in the best of the ways it knows', () => {
	expect(recordingType((type) => type.startsWith('audio/webm'))).toBe('audio/webm;codecs=opus');
	expect(recordingType(() => true)).toBe('audio/ogg;codecs=opus');
	expect(recordingType(() => false)).toBeUndefined();
});
