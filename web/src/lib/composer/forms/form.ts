import type { OutgoingContent } from '../content.ts';

/** What every form is given. */
export interface FormProps {
	title: string;
	onsend: (content: OutgoingContent) => void;
	/** It closed, sent or not: the focus goes back to the field. */
	onreturn: () => void;
}
