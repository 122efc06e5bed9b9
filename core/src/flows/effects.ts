import type { Action } from '../actions/actions.ts';
import type { OutgoingContent } from '../whatsapp/build.ts';
import type { SgpAsk } from './sgp.ts';
import type { Value } from './variables.ts';

export interface HttpRequest {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string;
	seconds: number;
	retries: number;
	/** The module whose address `url` is a path of. */
	connection?: string;
}

/** What a step wants done. `id` counts through a run, so that each is done once however often the step is run again. */
export type Effect = { id: number } & (
	| { type: 'send'; content: OutgoingContent; node: string }
	| { type: 'act'; action: Action; node: string }
	| { type: 'assign'; team_id: string | null; node: string }
	| {
			type: 'hand_over';
			team_id: string | null;
			agent_id: string | null;
			/** An AI agent that goes on. */
			ai_agent_id?: string;
			note: string;
			node: string;
	  }
	| { type: 'lead'; title: string; temperature: 'cold' | 'warm' | 'hot'; value: number | null; node: string }
	| { type: 'csat'; score: number; node: string }
	| { type: 'close'; node: string }
	/** The run waits for its outcome. */
	| { type: 'http'; request: HttpRequest; node: string }
	| { type: 'sgp'; ask: SgpAsk; document: string; contract: string; node: string }
	| { type: 'ai'; prompt: string; seconds: number; variables: Record<string, Value>; node: string }
	/** Nobody waits for it. */
	| { type: 'webhook'; event: string; request: HttpRequest; node: string }
);
export type EffectType = Effect['type'];
