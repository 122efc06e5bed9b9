import type { ControlCall } from './call.ts';

/** One thing that can be asked under `/_simulator`. What `run` returns is the JSON answer; nothing when it answered itself. */
export interface Route {
	method: 'GET' | 'POST';
	pattern: RegExp;
	/** Answered with 201. */
	creates?: true;
	run(call: ControlCall): unknown;
}
