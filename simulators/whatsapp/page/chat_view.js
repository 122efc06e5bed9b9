import { bubble } from './bubble.js';
import { el, reconcile } from './element.js';
import { icon } from './icons.js';
import { nameOf } from './people.js';
import { state } from './state.js';
import { dayName, dayOf } from './time.js';
import { t } from './words.js';

/** The messages of the open chat, by days; stays at the bottom unless one has scrolled up. */
export function chatView() {
	const list = el('div', {
		class: 'messages',
		role: 'log',
		'aria-label': t('messages'),
		tabindex: '0',
		'data-testid': 'messages'
	});
	const typing = el(
		'div',
		{ class: 'bubble theirs typing', 'data-testid': 'typing-indicator', role: 'status', 'aria-label': t('typing') },
		el('i'),
		el('i'),
		el('i')
	);
	const jump = el(
		'button',
		{ type: 'button', class: 'jump', 'aria-label': t('newest'), hidden: true, onclick: () => toBottom() },
		icon('chevron-down', 20)
	);
	/** Elements that still show what is true, by message and everything it depends on. @type {Map<string, Element>} */
	let drawn = new Map();
	let shown = '';
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let typingEnds;

	/** Whether the newest message is to be kept in sight: until one scrolls up. */
	let pinned = true;
	let lastTop = 0;
	const toBottom = () => (list.scrollTop = list.scrollHeight);
	const onscroll = () => {
		const near = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
		// What grows below doesn't count as scrolling away, only going up does.
		if (near || list.scrollTop < lastTop) pinned = near;
		lastTop = list.scrollTop;
		jump.hidden = pinned;
	};
	list.addEventListener('scroll', onscroll, { passive: true });
	list.addEventListener('load', () => pinned && toBottom(), { capture: true });
	new ResizeObserver(() => pinned && toBottom()).observe(list);

	function draw() {
		if (state.chat !== shown) {
			drawn = new Map();
			pinned = true;
		}
		shown = state.chat;
		const next = new Map();
		/** @param {string} key @param {() => Element} make */
		const keep = (key, make) => next.set(key, drawn.get(key) ?? make());
		/** @type {import('./api.js').Message | null} */
		let before = null;
		for (const message of state.messages) {
			if (message.kind === 'reaction' || !hasArrived(message)) continue;
			const day = dayOf(message.at);
			if (!before || dayOf(before.at) !== day)
				keep(`day ${day} ${t('today')}`, () => el('h3', { class: 'day' }, dayName(message.at)));
			const grouped =
				before !== null &&
				before.direction === message.direction &&
				message.at - before.at < 120_000 &&
				dayOf(before.at) === day;
			const quoted = state.messages.find((one) => one.id === message.quoted);
			const key = `${t('today')} ${grouped} ${looks(message)} ${quoted?.revoked_at ?? ''} ${quoted?.edited_at ?? ''}`;
			keep(key, () => bubble(message, grouped));
			next.get(key)?.setAttribute('data-status', message.status);
			before = message;
		}
		if (next.size === 0 && state.currentCustomer) keep(`empty ${shown} ${t('today')}`, empty);
		drawn = next;
		const isTyping = state.typingUntil > Date.now();
		reconcile(list, isTyping ? [...next.values(), typing] : [...next.values()]);
		clearTimeout(typingEnds);
		if (isTyping) typingEnds = setTimeout(() => state.changed('typing'), state.typingUntil - Date.now());
		if (pinned) toBottom();
	}

	state.watch(['chat', 'typing', 'words'], draw);
	return el('div', { class: 'chat' }, list, jump);
}

function empty() {
	const customer = state.currentCustomer;
	return el(
		'div',
		{ class: 'empty' },
		el('strong', {}, t('emptyTitle')),
		el('p', {}, t('emptyText', { name: customer ? nameOf(customer) : '', business: state.currentBusiness?.name ?? '' }))
	);
}

/** What the business sent isn't on the phone before it is delivered; what failed is shown, since this is a test. */
const hasArrived = (/** @type {import('./api.js').Message} */ message) =>
	message.direction === 'in' || !['accepted', 'sent'].includes(message.status);

/**
 * What a bubble's looks depend on. A message of the business looks the same delivered, read or played: drawing it anew
 * would close its list and stop its sound.
 * @param {import('./api.js').Message} message
 */
const looks = (message) =>
	JSON.stringify(
		message.direction === 'out' && message.status !== 'failed' ? { ...message, status: '', pricing: null } : message
	);
