type Side = 'top' | 'right' | 'bottom' | 'left';
type Box = Pick<DOMRect, 'top' | 'left' | 'right' | 'bottom' | 'width' | 'height'>;
type Size = Pick<Box, 'width' | 'height'>;

/** Between a control and its tip. */
const gap = 6;
/** Between a tip and the edge of the window. */
const margin = 8;

const opposite: Record<Side, Side> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

function fits(side: Side, control: Box, tip: Size, window: Size): boolean {
	if (side === 'top') return control.top - gap - tip.height >= 0;
	if (side === 'bottom') return control.bottom + gap + tip.height <= window.height;
	if (side === 'left') return control.left - gap - tip.width >= 0;
	return control.right + gap + tip.width <= window.width;
}

/** Where a tip stands: at the wanted side of its control, or across where there is no room, and within the window. */
export function placeTip(wanted: Side, control: Box, tip: Size, window: Size): { left: number; top: number } {
	const across = opposite[wanted];
	const side = fits(wanted, control, tip, window) || !fits(across, control, tip, window) ? wanted : across;
	const upright = side === 'top' || side === 'bottom';
	const left = upright
		? control.left + (control.width - tip.width) / 2
		: side === 'left'
			? control.left - gap - tip.width
			: control.right + gap;
	const top = upright
		? side === 'top'
			? control.top - gap - tip.height
			: control.bottom + gap
		: control.top + (control.height - tip.height) / 2;
	const within = (at: number, size: number, room: number) => Math.max(margin, Math.min(at, room - size - margin));
	return {
		left: Math.round(within(left, tip.width, window.width)),
		top: Math.round(within(top, tip.height, window.height))
	};
}

const delayMs = 400;
/** After one tip the next comes at once, for so long. */
const eagerMs = 300;
let lastHidden = -Infinity;

/**
 * Shows and hides the tip of a control: after a moment under the pointer, at once for the keyboard; not for a finger,
 * and gone when it is pressed. Returns what ends it.
 */
export function watchTip(control: HTMLElement, show: (shown: boolean) => void): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let shown = false;
	const set = (next: boolean) => {
		clearTimeout(timer);
		if (next === shown) return;
		shown = next;
		if (!next) lastHidden = performance.now();
		show(next);
	};
	const listeners: Record<string, (event: Event) => void> = {
		pointerenter: (event) => {
			if (event instanceof PointerEvent && event.pointerType === 'touch') return;
			clearTimeout(timer);
			timer = setTimeout(() => set(true), performance.now() - lastHidden < eagerMs ? 0 : delayMs);
		},
		pointerleave: () => set(false),
		pointerdown: () => set(false),
		focus: () => control.matches(':focus-visible') && set(true),
		blur: () => set(false),
		keydown: (event) => event instanceof KeyboardEvent && event.key !== 'Tab' && set(false)
	};
	for (const [name, listener] of Object.entries(listeners)) control.addEventListener(name, listener);
	return () => {
		set(false);
		for (const [name, listener] of Object.entries(listeners)) control.removeEventListener(name, listener);
	};
}
