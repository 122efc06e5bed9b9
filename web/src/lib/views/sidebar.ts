/** Where a browser remembers whether the views stand beside the list, for the server's next drawing. */
export const sidebarCookie = 'prosa_views';

/** Remembers it for a year. */
export function rememberSidebar(open: boolean) {
	document.cookie = `${sidebarCookie}=${open ? 'open' : 'closed'}; path=/; max-age=31536000; samesite=lax`;
}
