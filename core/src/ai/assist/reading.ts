import type { Accounts } from '../budget/spending.ts';

/** What `private.assist_reading` gives a person's question: who they work for, in which voice, and what was said. */
export interface AssistReading {
	tenant: { id: string; name: string; timezone: string; language: string };
	/** The tenant's own voice: its first agent's; null: it has none. */
	voice: { number: number; definition: unknown } | null;
	model: string | null;
	contact: { name: string; language: string | null; facts?: string[] };
	/** Oldest first. */
	said: { seq: number; author: 'customer' | 'company'; kind: string; text: string | null }[];
	summary: string | null;
	tags: string[];
	/** How the conversation stands, for what comes next. */
	stands: { status: string; waiting: boolean; assigned: boolean; team: string | null };
	documents: { title: string; heading: string; text: string }[];
	/** The message that is to be translated. */
	message: { text: string } | null;
	up_to: number;
	accounts: Accounts;
}
