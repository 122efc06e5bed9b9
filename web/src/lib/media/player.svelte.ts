/** The speeds a voice is heard with; what was chosen last holds for the next one, too. */
export const speeds = [1, 1.5, 2] as const;
export type Speed = (typeof speeds)[number];
const speedKey = 'prosa.voice_speed';

/** Plays one sound of a thread at a time. */
export class Player {
	#address: (path: string, anew: boolean) => Promise<string | null>;
	#after: (id: string) => { id: string; path: string } | null;
	#audio: HTMLAudioElement | null = null;
	#path: string | null = null;
	#renewed = false;
	/** Where to begin once it is loaded. */
	#from = 0;

	/** The message that is played, or was last. */
	id = $state<string | null>(null);
	playing = $state(false);
	loading = $state(false);
	/** It could not be fetched or is no sound this browser knows. */
	broken = $state<string | null>(null);
	time = $state(0);
	duration = $state<number | null>(null);
	speed = $state<Speed>(1);

	/** `address` says where a file can be read; `after` what to go on with when one ends. */
	constructor(
		address: (path: string, anew: boolean) => Promise<string | null>,
		after: (id: string) => { id: string; path: string } | null
	) {
		this.#address = address;
		this.#after = after;
	}

	/** Plays from the beginning or from where it was; pauses what plays already. */
	async toggle(id: string, path: string): Promise<void> {
		if (this.id === id && this.playing) return this.pause();
		await this.play(id, path);
	}

	async play(id: string, path: string, from?: number): Promise<void> {
		const audio = this.#element();
		this.broken = null;
		if (this.id !== id) {
			audio.pause();
			this.id = id;
			this.#path = path;
			this.#renewed = false;
			this.#from = from ?? 0;
			this.time = this.#from;
			this.duration = null;
			await this.#load(false);
		} else if (from !== undefined) {
			audio.currentTime = from;
			this.time = from;
		}
		if (this.id !== id) return;
		try {
			await audio.play();
		} catch {
			// Stopped by another one, or its error event tells.
		}
	}

	/** Moves within what is played; begins there where it isn't yet. */
	async seek(id: string, path: string, seconds: number): Promise<void> {
		if (this.id !== id) return this.play(id, path, seconds);
		this.#element().currentTime = seconds;
		this.time = seconds;
	}

	pause() {
		this.#audio?.pause();
	}

	/** The next speed, remembered in this browser. */
	faster() {
		this.speed = speeds[(speeds.indexOf(this.speed) + 1) % speeds.length] ?? 1;
		if (this.#audio) this.#audio.playbackRate = this.speed;
		try {
			localStorage.setItem(speedKey, String(this.speed));
		} catch {
			// A browser that keeps nothing forgets it with the page.
		}
	}

	/** Takes the remembered speed; in the browser alone. */
	remember() {
		try {
			this.speed = speeds.find((speed) => String(speed) === localStorage.getItem(speedKey)) ?? 1;
		} catch {
			// As above.
		}
	}

	stop() {
		this.pause();
		this.#audio?.removeAttribute('src');
		this.#audio = null;
		this.id = null;
	}

	async #load(anew: boolean) {
		const [audio, path] = [this.#element(), this.#path];
		this.loading = true;
		try {
			const address = path === null ? null : await this.#address(path, anew);
			if (path !== this.#path) return;
			if (address === null) return this.#fail();
			audio.src = address;
			audio.playbackRate = this.speed;
		} catch {
			this.#fail();
		}
	}

	#fail() {
		this.broken = this.id;
		this.loading = false;
		this.playing = false;
	}

	#element(): HTMLAudioElement {
		if (this.#audio) return this.#audio;
		const audio = new Audio();
		audio.preload = 'auto';
		audio.addEventListener('play', () => (this.playing = true));
		audio.addEventListener('playing', () => (this.loading = false));
		audio.addEventListener('waiting', () => (this.loading = true));
		audio.addEventListener('pause', () => (this.playing = false));
		audio.addEventListener('timeupdate', () => (this.time = audio.currentTime));
		audio.addEventListener('loadedmetadata', () => {
			this.loading = false;
			if (Number.isFinite(audio.duration)) this.duration = audio.duration;
			audio.playbackRate = this.speed;
			if (this.#from > 0) audio.currentTime = this.#from;
			this.#from = 0;
		});
		audio.addEventListener('ended', () => this.#ended());
		audio.addEventListener('error', () => void this.#refused());
		this.#audio = audio;
		return audio;
	}

	#ended() {
		const ended = this.id;
		this.playing = false;
		this.time = 0;
		const next = ended === null ? null : this.#after(ended);
		if (next) void this.play(next.id, next.path);
	}

	/** An address that has ended is asked for once more; then it is no sound. */
	async #refused() {
		if (!this.#audio?.getAttribute('src')) return;
		if (this.#renewed) return this.#fail();
		this.#renewed = true;
		this.#from = this.time;
		const wanted = this.playing || this.loading;
		await this.#load(true);
		if (wanted && this.broken === null) await this.#audio?.play().catch(() => undefined);
	}
}
