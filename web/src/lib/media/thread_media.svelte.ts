import { readMedia, type MessageMedia } from '@prosa/core/media/media.ts';
import { getContext, setContext } from 'svelte';
import type { Message } from '../database.ts';
import { Player } from './player.svelte.ts';

/** A file of the thread that can be looked at: a picture or a film. */
export interface Sight {
	message: Message;
	media: MessageMedia & { path: string };
	kind: 'image' | 'video';
}

/** What a type that the bytes have is shown as, whatever the message calls itself. */
export function sightOf(message: Message): Sight | null {
	const media = message.revoked_at === null ? readMedia(message.media) : null;
	if (!media?.path || media.status !== 'stored') return null;
	if (message.kind !== 'image' && message.kind !== 'video') return null;
	const type = media.mime_type?.split('/')[0];
	if (type !== 'image' && type !== 'video') return null;
	return { message, media: { ...media, path: media.path }, kind: type };
}

/** A voice that can be played. */
export function voiceOf(message: Message): string | null {
	const media = readMedia(message.media);
	const voice = message.content.kind === 'audio' && message.content.voice;
	return voice && media?.status === 'stored' ? media.path : null;
}

/** The files of one thread: which is looked at, and which is heard. */
export class ThreadMedia {
	#messages: () => Message[];
	readonly player: Player;
	/** The message whose picture fills the screen. */
	open = $state<string | null>(null);
	readonly sights = $derived.by(() => this.#messages().flatMap((message) => sightOf(message) ?? []));
	readonly index = $derived(this.sights.findIndex(({ message }) => message.id === this.open));

	constructor(messages: () => Message[], address: (path: string, anew: boolean) => Promise<string | null>) {
		this.#messages = messages;
		this.player = new Player(address, (id) => this.#voiceAfter(id));
	}

	show(messageId: string) {
		this.player.pause();
		this.open = messageId;
	}

	/** Goes to the next or the one before; stays where there is none. */
	step(by: 1 | -1) {
		const next = this.sights[this.index + by];
		if (next) this.open = next.message.id;
	}

	close() {
		this.open = null;
	}

	/** The voice right behind another by the same person: one goes on with it. */
	#voiceAfter(id: string): { id: string; path: string } | null {
		const said = this.#messages().filter(({ kind }) => kind !== 'reaction');
		const at = said.findIndex((message) => message.id === id);
		const [one, next] = [said[at], said[at + 1]];
		const path = one && next && next.direction === one.direction ? voiceOf(next) : null;
		return next && path ? { id: next.id, path } : null;
	}
}

const key = Symbol('thread media');
export const setThreadMedia = (media: ThreadMedia) => setContext(key, media);
export const getThreadMedia = () => getContext<ThreadMedia>(key);
