/** What a person chose; `system` follows the device. Kept in a cookie, so that the server's first paint is right. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = 'prosa_theme';

/** Reads the cookie's value; anything unknown is `system`. */
export function parseTheme(value: string | undefined): Theme {
	return themes.find((theme) => theme === value) ?? 'system';
}

/** The theme on the screen. Browser only. */
export function currentTheme(): Theme {
	return parseTheme(document.documentElement.dataset.theme);
}

/** Shows a theme at once and remembers it for a year. Browser only. */
export function chooseTheme(theme: Theme) {
	document.documentElement.dataset.theme = theme;
	document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
}
