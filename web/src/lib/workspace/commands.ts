import Building from '@lucide/svelte/icons/building-2';
import Inbox from '@lucide/svelte/icons/inbox';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Languages from '@lucide/svelte/icons/languages';
import LogOut from '@lucide/svelte/icons/log-out';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';
import type { Command, CommandGroup } from '#lib/palette/palette.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale, locales, setLocale } from '#lib/paraglide/runtime.js';
import { sectionsFor, type Section } from '#lib/settings/sections.ts';
import { chooseTheme } from '#lib/theme/theme.ts';
import type { Place } from './context.ts';

interface Ways {
	goTo: (workspace: string) => void;
	visit: (route: Section['route']) => void;
	showKeys: () => void;
	signOut: () => void;
}

/** What the palette offers on every screen: places to go, and one's own settings. */
export function commandsEverywhere(place: Place, ways: Ways): CommandGroup[] {
	const { workspace, workspaces } = place;
	const others = workspaces.filter(({ slug }) => slug !== workspace.slug);
	const languages = locales.filter((locale) => locale !== getLocale());
	const go: Command[] = [
		{ id: 'inbox', label: m.nav_inbox(), keys: 'g i', icon: Inbox, run: () => ways.goTo(workspace.slug) },
		...others.map(({ slug, name }) => ({
			id: `workspace-${slug}`,
			label: name,
			note: m.workspace_switch(),
			icon: Building,
			run: () => ways.goTo(slug)
		}))
	];
	const own: Command[] = [
		{ id: 'theme-light', label: m.theme_light(), note: m.theme(), icon: Sun, run: () => chooseTheme('light') },
		{ id: 'theme-dark', label: m.theme_dark(), note: m.theme(), icon: Moon, run: () => chooseTheme('dark') },
		{ id: 'theme-system', label: m.theme_system(), note: m.theme(), icon: Monitor, run: () => chooseTheme('system') },
		...languages.map((locale) => ({
			id: `language-${locale}`,
			label: m.language_name({}, { locale }),
			note: m.language(),
			icon: Languages,
			run: () => void setLocale(locale)
		})),
		{ id: 'keys', label: m.keys(), keys: '?', icon: Keyboard, run: ways.showKeys },
		{ id: 'sign-out', label: m.sign_out(), icon: LogOut, run: ways.signOut }
	];
	const settings: Command[] = sectionsFor(place).map(({ id, label, icon, route }, index) => ({
		id: `settings-${id}`,
		label: label(),
		note: m.nav_settings(),
		icon,
		...(index === 0 ? { keys: 'g s' } : {}),
		run: () => ways.visit(route)
	}));
	return [
		{ title: m.palette_go(), commands: [...go, ...settings] },
		{ title: m.user_menu(), commands: own }
	];
}
