import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { EncryptedToken, readToken } from '../graph/token.ts';
import type { TemplateDeps } from './deps.ts';
import type { TemplateAnswer, TemplateError } from './graph.ts';

export const WorkPayload = z.object({ template_id: z.guid() });

const Work = z.object({
	work: z.enum(['submit', 'delete']),
	tenant_id: z.guid(),
	name: z.string(),
	language: z.string(),
	external_id: z.string().nullable(),
	waba_id: z.string(),
	draft: z.object({ category: z.string(), parameter_format: z.string(), components: z.array(z.unknown()) }).nullable(),
	at: z.string(),
	access: z.object({ channel_id: z.guid(), token: EncryptedToken }).nullable()
});

/** What is asked to be done with a template, and the token to do it with; null where nothing is any more. */
export type Work = z.infer<typeof Work> & { token: string | null };

export async function claimWork({ db, keys }: TemplateDeps, templateId: string): Promise<Work | null> {
	const [row] = await answered(db<{ work: unknown }[]>`select private.claim_template_work(${templateId}) as work`);
	if (!row?.work) return null;
	const work = Work.parse(row.work);
	return { ...work, token: work.access && (await readToken(keys, work.access.channel_id, work.access.token)) };
}

export type WorkOutcome = ({ result: 'done' } & Partial<TemplateAnswer>) | { result: 'refused'; error: TemplateError };

export async function settleWork(db: Database, templateId: string, at: string, outcome: WorkOutcome): Promise<void> {
	await answered(
		db`select private.settle_template_work(${templateId}, ${at}, ${JSON.stringify(outcome)}::text::jsonb)`
	);
}

export const NO_TOKEN: TemplateError = {
	code: 190,
	subcode: null,
	title: "The channel's access token is missing or can't be read",
	details: null
};
