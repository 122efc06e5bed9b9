import { backoff } from '#lib/realtime/backoff.ts';
import type { ExternalToast } from 'svelte-sonner';

type Kind = 'error' | 'success' | 'warning';

/**
 * svelte-sonner, fetched when there is first something to say: no page needs it to be drawn. `Toasts.svelte` mounts
 * what shows them as soon as it is `wanted`.
 */
class Toaster {
	wanted = $state(false);

	/** Has it ready before it is needed, so that something can be said without a network too. */
	async load() {
		// What draws it too: `Toasts.svelte` must find it there.
		const [{ toast }] = await Promise.all([import('svelte-sonner'), import('./Toaster.svelte')]);
		this.wanted = true;
		return toast;
	}

	/** Says it, where it could not be fetched as soon as it can. */
	say(kind: Kind | null, sentence: string, options?: ExternalToast, tries = 0) {
		this.load().then(
			(toast) => (kind === null ? toast : toast[kind])(sentence, options),
			() => setTimeout(() => this.say(kind, sentence, options, tries + 1), backoff(tries))
		);
	}
}

// One for the whole browser window, as svelte-sonner's own; the server never says anything.
export const toaster = new Toaster();

/** Says something at the edge of the screen. */
export const toast = Object.assign(
	(sentence: string, options?: ExternalToast) => toaster.say(null, sentence, options),
	{
		error: (sentence: string, options?: ExternalToast) => toaster.say('error', sentence, options),
		success: (sentence: string, options?: ExternalToast) => toaster.say('success', sentence, options),
		warning: (sentence: string, options?: ExternalToast) => toaster.say('warning', sentence, options),
		/** Takes one away, or all of them. */
		dismiss: (id?: string | number) => {
			if (toaster.wanted) void toaster.load().then((loaded) => loaded.dismiss(id));
		}
	}
);
