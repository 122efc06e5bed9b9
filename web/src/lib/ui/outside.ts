import type { Attachment } from 'svelte/attachments';

/** Tells of a press anywhere but on the element, or on what opened it. */
export function outside(onpress: () => void, opener: () => HTMLElement | undefined): Attachment<HTMLElement> {
	return (element) => {
		const press = ({ target }: PointerEvent) => {
			if (!(target instanceof Node) || element.contains(target) || opener()?.contains(target)) return;
			onpress();
		};
		document.addEventListener('pointerdown', press, true);
		return () => document.removeEventListener('pointerdown', press, true);
	};
}
