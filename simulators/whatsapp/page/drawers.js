/** On narrow screens the panels are drawers over the phone; on wide ones they simply stand there. */
const narrow = matchMedia('(max-width: 899px)');
/** @type {HTMLElement | null} */
let opener = null;

const panels = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.panel')]);

function settle() {
	for (const panel of panels()) panel.inert = narrow.matches && !panel.classList.contains('open');
	document
		.querySelector('.phone')
		?.toggleAttribute('inert', narrow.matches && panels().some((panel) => panel.classList.contains('open')));
}

/** @param {string} id @param {HTMLElement} from */
export function openDrawer(id, from) {
	opener = from;
	document.getElementById(id)?.classList.add('open');
	settle();
	document.querySelector(`#${id} .drawer-close`)?.dispatchEvent(new Event('wanted'));
}

export function closeDrawers() {
	for (const panel of panels()) panel.classList.remove('open');
	settle();
	opener?.focus();
	opener = null;
}

export function watchDrawers() {
	narrow.addEventListener('change', () => closeDrawers());
	document.addEventListener('keydown', (event) => event.key === 'Escape' && opener !== null && closeDrawers());
	for (const button of document.querySelectorAll('.drawer-close')) {
		button.addEventListener('wanted', () => button instanceof HTMLElement && button.focus());
	}
	settle();
}
