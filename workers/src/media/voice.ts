import { WAVEFORM_LENGTH } from '@prosa/core/media/media.ts';
import { createReadStream } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { OggOpusDecoder } from 'ogg-opus-decoder';

export interface Voice {
	duration_seconds: number;
	waveform: number[];
}

const RATE = 48_000;
/** Loudness is measured in steps of 20 ms. */
const STEP = RATE / 50;
/** Longer recordings keep the waveform of what was heard so far. */
const LONGEST_S = 3 * 60 * 60;

/** Decodes an Ogg Opus file piece by piece, so that other jobs go on meanwhile. Null when it can't be decoded. */
export async function readVoice(file: string): Promise<Voice | null> {
	const decoder = new OggOpusDecoder();
	const meter = createMeter();
	try {
		await decoder.ready;
		for await (const chunk of createReadStream(file, { highWaterMark: 32 * 1024 })) {
			// Its types deny it, but it answers later: the decoder itself is loaded at the first page.
			meter.hear((await Promise.resolve(decoder.decode(chunk as Buffer))).channelData[0]);
			if (meter.seconds() > LONGEST_S) break;
			await breathe();
		}
		meter.hear((await decoder.flush()).channelData[0]);
		return meter.seconds() === 0
			? null
			: { duration_seconds: Math.round(meter.seconds() * 100) / 100, waveform: waveformOf(meter.steps()) };
	} catch {
		return null;
	} finally {
		decoder.free();
	}
}

/** Root mean square of every step, as it comes. */
function createMeter() {
	const steps: number[] = [];
	let samples = 0;
	let sum = 0;
	let filled = 0;
	return {
		hear(channel: Float32Array | undefined) {
			if (!channel) return;
			samples += channel.length;
			for (const sample of channel) {
				sum += sample * sample;
				if (++filled === STEP) {
					steps.push(Math.sqrt(sum / STEP));
					sum = 0;
					filled = 0;
				}
			}
		},
		seconds: () => samples / RATE,
		steps: () => (filled > 0 ? [...steps, Math.sqrt(sum / filled)] : steps)
	};
}

/** WAVEFORM_LENGTH heights of 0 to 100; the loudest moment is 100, and silence is flat. */
export function waveformOf(steps: readonly number[]): number[] {
	const loudest = steps.reduce((most, step) => Math.max(most, step), 0);
	if (loudest < 1e-4) return new Array<number>(WAVEFORM_LENGTH).fill(0);
	return Array.from({ length: WAVEFORM_LENGTH }, (_, index) => {
		const from = Math.floor((index * steps.length) / WAVEFORM_LENGTH);
		const to = Math.max(from + 1, Math.floor(((index + 1) * steps.length) / WAVEFORM_LENGTH));
		const part = steps.slice(from, to);
		return Math.round((100 * part.reduce((most, step) => Math.max(most, step), 0)) / loudest);
	});
}
