import { el } from './element.js';
import { icon } from './icons.js';
import { state } from './state.js';
import { currentLanguage, setLanguage, t } from './words.js';

const remembered = (/** @type {string} */ key) => {
	try {
		return localStorage.getItem(`prosa-phone-${key}`);
	} catch {
		return null;
	}
};
const remember = (/** @type {string} */ key, /** @type {string} */ value) => {
	try {
		localStorage.setItem(`prosa-phone-${key}`, value);
	} catch {
		// A browser that keeps nothing only forgets the choice.
	}
};

/** Language and theme: from the address, from last time, or from the system. */
export function loadPreferences() {
	const query = new URLSearchParams(location.search);
	setLanguage(query.get('lang') ?? remembered('lang') ?? 'pt-BR');
	const theme = query.get('theme') ?? remembered('theme');
	if (theme === 'dark' || theme === 'light') document.documentElement.dataset['theme'] = theme;
	document.title = t('title');
}

/** The two buttons that change them. */
export function preferenceButtons() {
	const language = el('button', { type: 'button', class: 'plain words', 'data-testid': 'language' });
	const theme = el('button', { type: 'button', class: 'plain', 'data-testid': 'theme' }, icon('moon', 18));
	language.addEventListener('click', () => {
		setLanguage(currentLanguage() === 'en' ? 'pt-BR' : 'en');
		remember('lang', currentLanguage());
		document.title = t('title');
		state.changed('words');
	});
	theme.addEventListener('click', () => {
		const root = document.documentElement;
		const dark = root.dataset['theme']
			? root.dataset['theme'] === 'dark'
			: matchMedia('(prefers-color-scheme: dark)').matches;
		root.dataset['theme'] = dark ? 'light' : 'dark';
		remember('theme', root.dataset['theme']);
	});
	const label = () => {
		language.replaceChildren(icon('languages', 16), t('language'));
		theme.setAttribute('aria-label', t('theme'));
		theme.title = t('theme');
	};
	state.watch(['words'], label);
	label();
	return el('div', { class: 'preferences' }, language, theme);
}
