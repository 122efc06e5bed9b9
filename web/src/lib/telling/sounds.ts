/** The sounds there are, made on the spot: nothing to load, and nobody's recording. */
export const SOUNDS = ['drop', 'chime', 'knock'] as const;
export type Sound = (typeof SOUNDS)[number];

interface Tone {
	/** Hertz, and where it glides to. */
	from: number;
	to: number;
	at: number;
	lasts: number;
	type: OscillatorType;
	loud: number;
}

const tone = (from: number, at: number, lasts: number, more: Partial<Tone> = {}): Tone => ({
	from,
	to: from,
	at,
	lasts,
	type: 'sine',
	loud: 1,
	...more
});

const SCORES: Record<Sound, Tone[]> = {
	drop: [tone(520, 0, 0.16, { to: 880 }), tone(1_040, 0.09, 0.22, { loud: 0.5 })],
	chime: [
		tone(659.25, 0, 0.5, { loud: 0.8 }),
		tone(987.77, 0.11, 0.6, { loud: 0.6 }),
		tone(1_318.5, 0.22, 0.7, { loud: 0.35 })
	],
	knock: [
		tone(210, 0, 0.09, { to: 120, type: 'triangle' }),
		tone(190, 0.14, 0.1, { to: 110, type: 'triangle', loud: 0.9 })
	]
};

let context: AudioContext | null = null;

/** Whether this window may make a sound: a browser lets it only after somebody has touched the page. */
export const maySound = () => 'userActivation' in navigator && navigator.userActivation.hasBeenActive;

/** Plays a sound; `volume` from 0 to 100. */
export async function play(sound: Sound, volume: number): Promise<void> {
	if (volume <= 0) return;
	context ??= new AudioContext();
	if (context.state === 'suspended') await context.resume();
	const start = context.currentTime + 0.02;
	const master = context.createGain();
	master.gain.value = (volume / 100) ** 2 * 0.5;
	master.connect(context.destination);
	for (const { from, to, at, lasts, type, loud } of SCORES[sound]) {
		const oscillator = context.createOscillator();
		const gain = context.createGain();
		oscillator.type = type;
		oscillator.frequency.setValueAtTime(from, start + at);
		if (to !== from) oscillator.frequency.exponentialRampToValueAtTime(to, start + at + lasts);
		gain.gain.setValueAtTime(0.0001, start + at);
		gain.gain.exponentialRampToValueAtTime(loud, start + at + 0.012);
		gain.gain.exponentialRampToValueAtTime(0.0001, start + at + lasts);
		oscillator.connect(gain).connect(master);
		oscillator.start(start + at);
		oscillator.stop(start + at + lasts + 0.02);
	}
}

export const isSound = (name: string): name is Sound => (SOUNDS as readonly string[]).includes(name);
