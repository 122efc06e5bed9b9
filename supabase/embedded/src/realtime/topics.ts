import type { Channel } from './channel.ts';
import { broadcastFrame, messageFrame, type Broadcast, type Version } from './frames.ts';

/**
 * Who listens where. A public and a private topic of one name are two topics: what is sent on one is never heard on the
 * other.
 */
export class Topics {
	#private = new Map<string, Set<Channel>>();
	#public = new Map<string, Set<Channel>>();

	add(channel: Channel): void {
		const topics = this.#of(channel.isPrivate);
		const channels = topics.get(channel.name);
		if (channels) channels.add(channel);
		else topics.set(channel.name, new Set([channel]));
	}

	remove(channel: Channel): void {
		const topics = this.#of(channel.isPrivate);
		const channels = topics.get(channel.name);
		if (channels?.delete(channel) && channels.size === 0) topics.delete(channel.name);
	}

	isEmpty(): boolean {
		return this.#private.size === 0 && this.#public.size === 0;
	}

	has(name: string, isPrivate: boolean): boolean {
		return this.#of(isPrivate).has(name);
	}

	/** Sends to everyone who may hear it, except for the sender; encoded once for each serializer in use. */
	broadcast(name: string, isPrivate: boolean, broadcast: Broadcast, except?: Channel): void {
		const frames: Partial<Record<Version, Buffer | null>> = {};
		for (const channel of this.#of(isPrivate).get(name) ?? []) {
			if (channel === except || !channel.access.broadcast) continue;
			if (broadcast.meta && channel.heardBefore(broadcast.meta.id)) continue;
			const { version } = channel.socket;
			const frame = (frames[version] ??= broadcastFrame(version, channel.topic, broadcast));
			if (frame) channel.socket.send(frame);
		}
	}

	/** Sends a presence change to everyone who asked for presence and may see it. */
	presence(name: string, isPrivate: boolean, diff: string): void {
		const frames: Partial<Record<Version, Buffer>> = {};
		for (const channel of this.#of(isPrivate).get(name) ?? []) {
			if (!channel.presence.enabled || !channel.access.presence) continue;
			const { version } = channel.socket;
			channel.socket.send(
				(frames[version] ??= messageFrame(version, null, null, channel.topic, 'presence_diff', diff))
			);
		}
	}

	#of(isPrivate: boolean): Map<string, Set<Channel>> {
		return isPrivate ? this.#private : this.#public;
	}
}
