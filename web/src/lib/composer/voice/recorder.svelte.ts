import { recordingType, toOgg } from './ogg.ts';

export type Phase = 'asking' | 'recording' | 'paused' | 'preparing' | 'recorded' | 'denied' | 'missing' | 'failed';

/** Bars of the meter that are kept: the newest stand at the right. */
const bars = 48;
const barEveryMs = 90;

/** One recording: asked for, recorded with pauses, listened to, sent or thrown away. */
export class Recorder {
	phase = $state<Phase>('asking');
	/** What was recorded, without the pauses. */
	seconds = $state(0);
	/** Loudness from 0 to 1, oldest first. */
	levels = $state.raw<number[]>(Array.from({ length: bars }, () => 0));
	/** What was recorded, to listen to. */
	address = $state.raw<string | null>(null);

	#stream: MediaStream | null = null;
	#recorder: MediaRecorder | null = null;
	#context: AudioContext | null = null;
	#chunks: Blob[] = [];
	#ogg: Blob | null = null;
	#timer: ReturnType<typeof setInterval> | undefined;
	#begun = 0;
	#before = 0;
	#ended = false;

	async start(): Promise<void> {
		try {
			const stream = await navigator.mediaDevices.getUserMedia({
				audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 }
			});
			if (this.#ended) return stopTracks(stream);
			this.#stream = stream;
			const mimeType = recordingType((type) => MediaRecorder.isTypeSupported(type));
			this.#recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: 32_000 });
			this.#recorder.ondataavailable = ({ data }) => this.#chunks.push(data);
			this.#recorder.start();
			this.#begun = performance.now();
			this.phase = 'recording';
			this.#measure(stream);
		} catch (problem) {
			const missing = problem instanceof DOMException && problem.name === 'NotFoundError';
			this.phase = missing ? 'missing' : 'denied';
		}
	}

	pause() {
		if (this.phase !== 'recording') return;
		this.#recorder?.pause();
		this.#before += performance.now() - this.#begun;
		this.phase = 'paused';
	}

	resume() {
		if (this.phase !== 'paused') return;
		this.#recorder?.resume();
		this.#begun = performance.now();
		this.phase = 'recording';
	}

	/** Ends the recording and makes a voice message of it. Answers null where that can't be done. */
	async finish(): Promise<Blob | null> {
		if (this.#ogg) return this.#ogg;
		const recorder = this.#recorder;
		if (!recorder || (this.phase !== 'recording' && this.phase !== 'paused')) return null;
		if (this.phase === 'recording') this.#before += performance.now() - this.#begun;
		this.phase = 'preparing';
		const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
		recorder.stop();
		await stopped;
		this.#release();
		try {
			this.#ogg = await toOgg(new Blob(this.#chunks, { type: recorder.mimeType }));
			if (this.#ended) return null;
			this.address = URL.createObjectURL(this.#ogg);
			this.phase = 'recorded';
		} catch {
			this.phase = 'failed';
		}
		return this.#ogg;
	}

	/** Lets go of the microphone and of what was recorded. */
	end() {
		this.#ended = true;
		if (this.#recorder && this.#recorder.state !== 'inactive') this.#recorder.stop();
		this.#release();
		if (this.address) URL.revokeObjectURL(this.address);
	}

	#measure(stream: MediaStream) {
		this.#context = new AudioContext();
		const meter = this.#context.createAnalyser();
		meter.fftSize = 512;
		this.#context.createMediaStreamSource(stream).connect(meter);
		const samples = new Uint8Array(meter.fftSize);
		this.#timer = setInterval(() => {
			if (this.phase !== 'recording') return;
			this.seconds = (this.#before + performance.now() - this.#begun) / 1000;
			meter.getByteTimeDomainData(samples);
			this.levels = [...this.levels.slice(1), loudness(samples)];
		}, barEveryMs);
	}

	#release() {
		clearInterval(this.#timer);
		if (this.#stream) stopTracks(this.#stream);
		void this.#context?.close();
		this.#stream = null;
		this.#context = null;
	}
}

function stopTracks(stream: MediaStream) {
	for (const track of stream.getTracks()) track.stop();
}

/** From 0 to 1; speech is far from full scale, so it is stretched. */
function loudness(samples: Uint8Array): number {
	let sum = 0;
	for (const sample of samples) sum += ((sample - 128) / 128) ** 2;
	return Math.min(1, Math.sqrt(sum / samples.length) * 4);
}
