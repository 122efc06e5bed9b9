import Languages from '@lucide/svelte/icons/languages';
import ListChecks from '@lucide/svelte/icons/list-checks';
import PenLine from '@lucide/svelte/icons/pen-line';
import Sparkles from '@lucide/svelte/icons/sparkles';
import TextQuote from '@lucide/svelte/icons/text-quote';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';
import type { Help } from './assisting.svelte.ts';

export interface HelpWay {
	help: Help;
	label: () => string;
	icon: Component<{ size?: number; strokeWidth?: number }>;
	/** The letter that chooses it in the open menu. */
	letter: string;
	group: 'answer' | 'rewrite' | 'read';
}

/** In the order of the menu. */
export const helps: HelpWay[] = [
	{ help: 'suggest', label: m.assist_suggest, icon: Sparkles, letter: 's', group: 'answer' },
	{ help: 'translate', label: m.assist_translate, icon: Languages, letter: 't', group: 'answer' },
	{ help: 'brand', label: m.assist_brand, icon: PenLine, letter: 'm', group: 'rewrite' },
	{ help: 'shorter', label: m.assist_shorter, icon: PenLine, letter: 'c', group: 'rewrite' },
	{ help: 'friendlier', label: m.assist_friendlier, icon: PenLine, letter: 'a', group: 'rewrite' },
	{ help: 'formal', label: m.assist_formal, icon: PenLine, letter: 'f', group: 'rewrite' },
	{ help: 'spelling', label: m.assist_spelling, icon: PenLine, letter: 'o', group: 'rewrite' },
	{ help: 'summarise', label: m.assist_summarise, icon: TextQuote, letter: 'r', group: 'read' },
	{ help: 'next', label: m.assist_next, icon: ListChecks, letter: 'p', group: 'read' }
];

/** The key that opens the menu of them all. */
export const assistKeys = 'Ctrl J';

export const labelOf = (help: Help): string => helps.find((one) => one.help === help)?.label() ?? '';
