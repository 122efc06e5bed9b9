import type { ServerResponse } from 'node:http';
import type { World } from '../world.ts';

/** A control call that names something there isn't. */
export class NotThere extends Error {}

export interface ControlCall {
	world: World;
	query: URLSearchParams;
	/** What the path named, in its order. */
	params: string[];
	body: unknown;
	base: string;
	response: ServerResponse;
}
