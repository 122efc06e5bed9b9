/** One thing to choose in a `Picker`. */
export interface PickerItem {
	id: string;
	label: string;
	/** What stands at the end of its line. */
	note?: string;
	/** A single key that chooses it while nothing is typed. */
	key?: string;
	checked?: boolean;
	/** A colour before it, as a CSS value. */
	color?: string;
}
