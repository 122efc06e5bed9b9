import Bell from '@lucide/svelte/icons/bell';
import Building from '@lucide/svelte/icons/building-2';
import Inbox from '@lucide/svelte/icons/inbox';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Languages from '@lucide/svelte/icons/languages';
import LogOut from '@lucide/svelte/icons/log-out';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Search from '@lucide/svelte/icons/search';
import Sun from '@lucide/svelte/icons/sun';
import Workflow from '@lucide/svelte/icons/workflow';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale, locales, setLocale } from '#lib/paraglide/runtime.js';
import { sectionsFor, type Section } from '#lib/settings/sections.ts';
import { chooseTheme } from '#lib/theme/theme.ts';
import { may, type Place } from './context.ts';

interface Ways {
	goTo: (workspace: string) => void;
	visit: (route: Section['route'] | '/[workspace]/flows') => void;
	search: () => void;
	togglePalette: () => void;
	showKeys: () => void;
	showNotices: () => void;
	signOut: () => void;
}

/** What can be done on every screen: find, go places, and one's own settings. */
export function commandsEverywhere(place: Place, ways: Ways): Command[] {
	const group = 'anywhere';
	return [
		{ id: 'search', group, label: m.search(), keys: '/', icon: Search, run: ways.search },
		{ id: 'palette', group, label: m.palette(), keys: 'Ctrl K', keysOnly: true, run: ways.togglePalette },
		{ id: 'notices', group: 'go', label: m.notices(), keys: 'g n', icon: Bell, run: ways.showNotices },
		{ id: 'keys', group, label: m.keys(), keys: '?', icon: Keyboard, run: ways.showKeys },
		...places(place, ways),
		...own(ways)
	];
}

function places(place: Place, ways: Ways): Command[] {
	const { workspace, workspaces } = place;
	const others = workspaces.filter(({ slug }) => slug !== workspace.slug);
	return [
		{ id: 'inbox', group: 'go', label: m.key_inbox(), keys: 'g i', icon: Inbox, run: () => ways.goTo(workspace.slug) },
		...(may(place, 'flows.read')
			? [
					{
						id: 'flows',
						group: 'go' as const,
						label: m.bots(),
						keys: 'g b',
						icon: Workflow,
						run: () => ways.visit('/[workspace]/flows')
					}
				]
			: []),
		...others.map(({ slug, name }): Command => ({
			id: `workspace-${slug}`,
			group: 'go',
			label: name,
			note: m.workspace_switch(),
			icon: Building,
			run: () => ways.goTo(slug)
		})),
		...sectionsFor(place).map(({ id, label, icon, route }, index): Command => ({
			id: `settings-${id}`,
			group: 'settings',
			label: label(),
			note: m.nav_settings(),
			icon,
			...(index === 0 ? { keys: 'g s' } : {}),
			run: () => ways.visit(route)
		}))
	];
}

function own(ways: Ways): Command[] {
	const group = 'own';
	const languages = locales.filter((locale) => locale !== getLocale());
	const note = m.theme();
	return [
		{ id: 'theme-light', group, label: m.theme_light(), note, icon: Sun, run: () => chooseTheme('light') },
		{ id: 'theme-dark', group, label: m.theme_dark(), note, icon: Moon, run: () => chooseTheme('dark') },
		{ id: 'theme-system', group, label: m.theme_system(), note, icon: Monitor, run: () => chooseTheme('system') },
		...languages.map((locale): Command => ({
			id: `language-${locale}`,
			group,
			label: m.language_name({}, { locale }),
			note: m.language(),
			icon: Languages,
			run: () => void setLocale(locale)
		})),
		{ id: 'sign-out', group, label: m.sign_out(), icon: LogOut, run: ways.signOut }
	];
}
