import type { Component } from 'svelte';
import type { InboxRow } from '#lib/inbox/rows.ts';
import type { OutgoingContent } from './content.ts';

interface Props {
	conversation: InboxRow;
	onsend: (content: OutgoingContent) => void;
	/** Where the focus goes when it closes. */
	onreturn?: () => void;
}

const found = import.meta.glob<{ default: Component<Props> }>('../templates/TemplatePicker.svelte');

/** The picker of templates, loaded when it is opened. */
export const templatePicker = Object.values(found)[0] ?? null;
