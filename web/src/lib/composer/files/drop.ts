import type { Attachment } from 'svelte/attachments';

/** Takes files that are dragged onto an element. What is dragged within the page, or is no file, is left alone. */
export function dropTarget(onover: (over: boolean) => void, ondrop: (files: File[]) => void): Attachment<HTMLElement> {
	return (element) => {
		// Entering a child comes before leaving its parent, so they are counted.
		let depth = 0;
		const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
		const enter = (event: DragEvent) => {
			if (!holdsFiles(event)) return;
			event.preventDefault();
			if (++depth === 1) onover(true);
		};
		const over = (event: DragEvent) => {
			if (!holdsFiles(event)) return;
			event.preventDefault();
			if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
		};
		const leave = (event: DragEvent) => {
			if (holdsFiles(event) && --depth === 0) onover(false);
		};
		const drop = (event: DragEvent) => {
			if (!holdsFiles(event)) return;
			event.preventDefault();
			depth = 0;
			onover(false);
			ondrop([...(event.dataTransfer?.files ?? [])]);
		};
		element.addEventListener('dragenter', enter);
		element.addEventListener('dragover', over);
		element.addEventListener('dragleave', leave);
		element.addEventListener('drop', drop);
		return () => {
			element.removeEventListener('dragenter', enter);
			element.removeEventListener('dragover', over);
			element.removeEventListener('dragleave', leave);
			element.removeEventListener('drop', drop);
		};
	};
}
