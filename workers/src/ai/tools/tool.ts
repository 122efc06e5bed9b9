import { z } from 'zod';
import type { Outside } from '../outside.ts';
import type { Found, Reading } from '../reading.ts';

/** What a tool wants done: it is done when the turn is kept, with the answer or not at all. */
export type Effect =
	| { type: 'act'; tool: string; action: Record<string, unknown> }
	| { type: 'tag'; tool: string; names: string[] }
	| { type: 'fact'; tool: string; text: string; seq: number }
	| { type: 'contact'; tool: string; name?: string | undefined; email?: string | undefined }
	| { type: 'lead'; tool: string; title: string; temperature: string; reason: string; value?: number | undefined };

/** What a tool may know, and where it leaves what it wants. */
export interface ToolContext {
	reading: Reading;
	search(question: string): Promise<Found[]>;
	/** Other machines, which it asks at once. */
	outside: Outside;
	/** Pieces that the model was given: the place of each is its id, `d1` the first. */
	sources: Found[];
	effects: Effect[];
	handOver: { reason: string } | null;
	flow: { id: string; name: string } | null;
	/** What was called, as the model wrote it and was told: masked. */
	calls: { name: string; arguments: string; result: string }[];
}

/** A tool that an agent may be given. Looking up happens at once; whatever changes something here is an effect. */
export interface Tool<Schema extends z.ZodObject = z.ZodObject> {
	/** Whether there is what it needs; without, it is given to no model. */
	available?: (reading: Reading) => boolean;
	description: (reading: Reading) => string;
	input: (reading: Reading) => Schema;
	run: (input: z.infer<Schema>, context: ToolContext) => Promise<unknown> | unknown;
}

export const tool = <Schema extends z.ZodObject>(one: Tool<Schema>): Tool => one as unknown as Tool;
export const line = (most: number) => z.string().trim().min(1).max(most);
