/* global Mediabunny */
// Run inside a page by make.ts, which has loaded Mediabunny there.
(async () => {
	const { Output, OggOutputFormat, Mp4OutputFormat, BufferTarget, AudioBufferSource, CanvasSource } = Mediabunny;

	const toBase64 = (buffer) => {
		let text = '';
		for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
		return btoa(text);
	};

	/** Six seconds that sound like somebody talking in the next room: syllables, pauses, a melody that falls. */
	const voice = async () => {
		const rate = 48_000;
		const seconds = 6.2;
		const buffer = new AudioBuffer({ length: rate * seconds, sampleRate: rate, numberOfChannels: 1 });
		const samples = buffer.getChannelData(0);
		let phase = 0;
		for (let index = 0; index < samples.length; index++) {
			const time = index / rate;
			const sentence = time % 2.1;
			const syllable = Math.pow(Math.abs(Math.sin(time * 11 + Math.sin(time * 2.3) * 2)), 0.7);
			const loud = sentence > 1.7 ? 0 : syllable * (1 - sentence / 3) * (0.55 + 0.45 * Math.sin(time * 1.7));
			phase += (2 * Math.PI * (165 - sentence * 28 + 9 * Math.sin(time * 5))) / rate;
			const vowel = 3 + Math.round(2 * Math.sin(time * 4.1));
			const tone =
				Math.sin(phase) +
				0.6 * Math.sin(2 * phase) +
				0.5 * Math.sin(vowel * phase) +
				0.2 * Math.sin((vowel + 4) * phase);
			samples[index] = 0.22 * Math.max(0, loud) * tone;
		}
		const output = new Output({ format: new OggOutputFormat(), target: new BufferTarget() });
		const source = new AudioBufferSource({ codec: 'opus', bitrate: 16_000 });
		output.addAudioTrack(source);
		await output.start();
		await source.add(buffer);
		await output.finalize();
		return toBase64(output.target.buffer);
	};

	/** Three seconds of steam over a cup of coffee. */
	const video = async () => {
		const canvas = new OffscreenCanvas(480, 272);
		const context = canvas.getContext('2d');
		const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target: new BufferTarget() });
		const source = new CanvasSource(canvas, { codec: 'avc', bitrate: 180_000 });
		output.addVideoTrack(source, { frameRate: 15 });
		await output.start();
		for (let frame = 0; frame < 45; frame++) {
			const time = frame / 15;
			const wall = context.createLinearGradient(0, 0, 480, 272);
			wall.addColorStop(0, '#e8d5bd');
			wall.addColorStop(1, '#9c7453');
			context.fillStyle = wall;
			context.fillRect(0, 0, 480, 272);
			context.fillStyle = '#5b3a24';
			context.fillRect(0, 196, 480, 76);
			for (let puff = 0; puff < 6; puff++) {
				const age = (time * 0.5 + puff / 6) % 1;
				context.beginPath();
				context.arc(232 + 26 * Math.sin(age * 7 + puff), 118 - age * 110, 8 + age * 30, 0, 7);
				context.fillStyle = `rgb(255 255 255 / ${0.28 * (1 - age)})`;
				context.fill();
			}
			context.fillStyle = '#f7f4ee';
			context.beginPath();
			context.moveTo(170, 122);
			context.bezierCurveTo(176, 226, 288, 226, 294, 122);
			context.fill();
			context.lineWidth = 12;
			context.strokeStyle = '#f7f4ee';
			context.beginPath();
			context.arc(300, 156, 24, -1.4, 1.7);
			context.stroke();
			context.fillStyle = '#3b2012';
			context.beginPath();
			context.ellipse(232, 122, 60, 14, 0, 0, 7);
			context.fill();
			await source.add(time, 1 / 15);
		}
		await output.finalize();
		return toBase64(output.target.buffer);
	};

	return { voice: await voice(), video: await video() };
})();
