/** What was written and not sent, one a conversation, on this device. A full or forbidden storage loses nothing else. */
export interface Store {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
	removeItem(key: string): void;
}

const keyOf = (conversationId: string) => `prosa:draft:${conversationId}`;

export function readDraft(store: Store, conversationId: string): string {
	try {
		return store.getItem(keyOf(conversationId)) ?? '';
	} catch {
		return '';
	}
}

export function keepDraft(store: Store, conversationId: string, text: string) {
	try {
		if (text.trim() === '') store.removeItem(keyOf(conversationId));
		else store.setItem(keyOf(conversationId), text);
	} catch {
		// A private window may refuse: the text is still in the field.
	}
}
