import type { DropdownMenu } from 'bits-ui';
import { getContext, setContext } from 'svelte';

/** What the parts of an open menu are drawn with: bits-ui's, which only the panel imports. */
export type MenuParts = Pick<typeof DropdownMenu, 'Item' | 'Group' | 'GroupHeading' | 'Separator'>;

const key = Symbol('menu');
export const setMenuParts = (parts: MenuParts) => setContext(key, parts);
export const getMenuParts = () => getContext<MenuParts>(key);

/** Fetches what draws menus; asked for when the pointer or the focus comes to a menu's button, or a page has nothing to do. */
export const loadMenu = () => import('./MenuPanel.svelte');
