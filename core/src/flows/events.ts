import type { Subject } from '../conditions/match.ts';
import type { Inbound } from './answers/read.ts';
import type { Value } from './variables.ts';

/** What is known where a step runs. It comes in with the event: a step asks nobody. */
export interface Facts {
	tenant: { id: string; name: string; timezone: string; variables: Record<string, Value> };
	contact: {
		id: string;
		name: string;
		phone: string | null;
		language: string | null;
		attributes: Record<string, Value>;
	};
	conversation: { id: string; channel_type: string; priority: number; attributes: Record<string, Value> };
	/** What conditions ask about; null where there is no conversation yet, as in the editor. */
	subject: Subject | null;
	/** Whether the doors are open: by team, '' for the tenant. */
	open: Record<string, boolean>;
}

/** What came of something that was done outside. */
export type Outcome =
	| { ok: true; status?: number; body?: Value; text?: string }
	| { ok: false; code: string; status?: number; detail?: string };

interface Happening {
	/** Milliseconds since the epoch, by the database's clock. */
	at: number;
	/** What chance is drawn from: the same seed, the same draw. */
	seed: number;
	facts: Facts;
}

export type FlowEvent = Happening &
	(
		| { type: 'start'; message: Inbound | null; variables?: Record<string, Value> }
		| { type: 'message'; message: Inbound }
		| { type: 'timeout'; token: number }
		| { type: 'result'; effect: number; outcome: Outcome }
	);
