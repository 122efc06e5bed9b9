import { createContext } from 'svelte';

/** Below this nobody reads what a block says: it is drawn as its name in large, and lines as one picture. */
const FAR = 0.4;

/** How far away the drawing is seen from. */
export class Sight {
	far = $state(false);

	constructor(zoom: number) {
		this.look(zoom);
	}

	look(zoom: number): void {
		this.far = zoom < FAR;
	}
}

export const [getSight, setSight] = createContext<Sight>();
