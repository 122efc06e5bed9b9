import { getContext, setContext } from 'svelte';
import type { Help } from '#lib/assist/assisting.svelte.ts';
import type { Mode } from '#lib/composer/mode.ts';
import type { WayName } from '#lib/composer/ways.ts';
import type { Filter } from './views.ts';

/** What the inbox's screen can do for a command. */
interface Screen {
	/** Shows a conversation, or the list alone. */
	visit: (conversationId: string | null, filter?: Filter) => void;
	/** Goes to the next or previous row of the list. */
	move: (step: 1 | -1) => void;
	/** Moves the end of the selection to the next or previous row. */
	extend: (step: 1 | -1) => void;
	/** Chooses the row that the keys stand on, or gives it back. */
	chooseHere: () => void;
	/** Opens the row that the keys stand on. */
	openRow: () => void;
	toggleList: () => void;
	/** Shows the views beside the list, or over it where there is no room. */
	toggleViews: () => void;
	/** Opens the rules of the list on the screen. */
	editFilter: () => void;
	toggleDetails: () => void;
}

/** What the composer on the screen can do for a command. */
export interface ComposerWays {
	/** Goes on with the reply, or with the note. */
	turn: (mode: Mode) => void;
	choose: (name: WayName) => void;
	openMenu: () => void;
	toggleEmoji: () => void;
	/** Opens the times at which what is written may be sent. */
	openSchedule: () => void;
	/** Opens what a model can do for whoever writes. */
	openAssist: () => void;
	assist: (help: Help) => void;
	canAssist: (help: Help) => boolean;
	/** Nothing may be written now; a template may when only the window has closed. */
	blocked: boolean;
	/** A note may be written, also where nothing else may. */
	mayNote: boolean;
}

/** How commands reach what is on the screen: components put themselves in, commands only call. */
export class Ways {
	/** The menu of the open conversation that is open: `assign`, `snooze`, `tag` and so on. One at a time. */
	menu = $state<string | null>(null);
	/** The composer on the screen; null while there is none. */
	composer = $state.raw<ComposerWays | null>(null);
	readonly visit: Screen['visit'];
	readonly move: Screen['move'];
	readonly extend: Screen['extend'];
	readonly chooseHere: Screen['chooseHere'];
	readonly openRow: Screen['openRow'];
	readonly toggleList: Screen['toggleList'];
	readonly toggleViews: Screen['toggleViews'];
	readonly editFilter: Screen['editFilter'];
	readonly toggleDetails: Screen['toggleDetails'];

	constructor({
		visit,
		move,
		extend,
		chooseHere,
		openRow,
		toggleList,
		toggleViews,
		editFilter,
		toggleDetails
	}: Screen) {
		this.visit = visit;
		this.move = move;
		this.extend = extend;
		this.chooseHere = chooseHere;
		this.openRow = openRow;
		this.toggleList = toggleList;
		this.toggleViews = toggleViews;
		this.editFilter = editFilter;
		this.toggleDetails = toggleDetails;
	}

	/** Opens a menu, or closes it: `bind:open={() => ways.menu === 'tag', (open) => ways.show('tag', open)}`. */
	show(menu: string, open = true) {
		if (open) this.menu = menu;
		else if (this.menu === menu) this.menu = null;
	}
}

const key = Symbol('ways');
export const setWays = (ways: Ways) => setContext(key, ways);
export const getWays = () => getContext<Ways>(key);
