import type { Session } from '../auth/session.svelte.ts';
import { m } from '../paraglide/messages.js';
import { failed } from '../ui/toast.ts';
import { toast } from '#lib/ui/sonner.svelte.ts';
import { downloadAddress, mediaAddresses } from './address.ts';

/** Saves a file of the bucket under its name; a file that is gone is told. */
export async function fetchFile(session: Session, path: string, name: string): Promise<void> {
	try {
		// A fresh one: the browser follows it without us, and a refusal would be a page of its own.
		const address = await mediaAddresses(session).renew(path);
		if (address === null) {
			toast.error(m.media_broken());
			return;
		}
		const link = document.createElement('a');
		link.href = downloadAddress(address, name);
		link.download = name;
		link.rel = 'noopener';
		link.click();
	} catch (problem) {
		failed(problem);
	}
}
