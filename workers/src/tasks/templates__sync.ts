import { z } from 'zod';
import { answered } from '../answered.ts';
import { EncryptedToken, readToken } from '../graph/token.ts';
import { GiveUp, task } from '../task.ts';
import type { TemplateDeps } from '../templates/deps.ts';
import { TemplateRefused, type TemplateError } from '../templates/graph.ts';

const Payload = z.union([z.object({ tenant_id: z.guid(), waba_id: z.string() }), z.unknown().transform(() => null)]);

const Access = z.object({ channel_id: z.guid(), waba_id: z.string(), token: EncryptedToken, at: z.string() });

/** An account has 6,000 templates at most; a list that goes on after that goes round in circles. */
const MOST_PAGES = 100;

/**
 * Reads an account's whole list of templates; without an account (crontab) has every account's read. Runs again safely:
 * a row changes only where Meta says something new, and what is missing counts once the list was read to its end.
 */
export const templatesSync = ({ db, keys, templates }: TemplateDeps) =>
	task(Payload, async (account, { abortSignal, addJob, job }) => {
		if (!account || !('waba_id' in account)) {
			await answered(db`select private.enqueue_template_syncs()`);
			return;
		}
		const { tenant_id, waba_id } = account;
		const [row] = await answered(
			db<{ access: unknown }[]>`select private.start_template_sync(${tenant_id}, ${waba_id}) as access`
		);
		if (!row?.access) throw new GiveUp(`no channel can speak for account ${waba_id}`);
		const { channel_id, token: encrypted, at } = Access.parse(row.access);
		const finish = (ids: string[], error: TemplateError | null) =>
			answered(db`
				select private.finish_template_sync(
					${tenant_id}, ${waba_id}, ${at}, ${JSON.stringify(ids)}::text::jsonb, ${error && JSON.stringify(error)}::text::jsonb
				)`);

		try {
			const token = await readToken(keys, channel_id, encrypted);
			if (token === null) throw new TemplateRefused(UNREADABLE, null);
			const ids: string[] = [];
			let after: string | null = null;
			for (let page = 0; page < MOST_PAGES; page++) {
				if (abortSignal.aborted) throw new Error('the worker is stopping');
				const got: { items: unknown[]; after: string | null } = await templates.list(waba_id, token, after);
				await answered(
					db`select private.store_templates(${tenant_id}, ${waba_id}, ${at}, ${JSON.stringify(got.items)}::text::jsonb)`
				);
				for (const item of got.items) ids.push(String(z.object({ id: z.unknown() }).parse(item).id));
				after = got.after;
				if (after === null) break;
			}
			await finish(ids, null);
		} catch (problem) {
			const error = problem instanceof TemplateRefused ? problem.error : UNREACHABLE;
			await finish([], error);
			if (!(problem instanceof TemplateRefused)) throw problem;
			if (problem.again === null) throw new GiveUp(problem.message);
			// A limit of the account's: asking again before its time would only prolong it.
			await addJob(
				'templates__sync',
				{ tenant_id, waba_id },
				{
					runAt: new Date(Date.now() + problem.again * 1_000),
					queueName: `templates:${waba_id}`,
					...(job.key ? { jobKey: job.key } : {})
				}
			);
		}
	});

const UNREADABLE: TemplateError = {
	code: 190,
	subcode: null,
	title: "The channel's access token is missing or can't be read",
	details: null
};

const UNREACHABLE: TemplateError = { code: 0, subcode: null, title: 'WhatsApp could not be reached', details: null };
