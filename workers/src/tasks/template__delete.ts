import { task } from '../task.ts';
import type { TemplateDeps } from '../templates/deps.ts';
import { TemplateRefused } from '../templates/graph.ts';
import { claimWork, NO_TOKEN, settleWork, WorkPayload } from '../templates/work.ts';

/** "Message template not found": gone already. */
const GONE = 2593002;

/** Deletes one language of a template at Meta. Runs again safely: what is gone already counts as deleted. */
export const templateDelete = (deps: TemplateDeps) =>
	task(WorkPayload, async ({ template_id }, { addJob }) => {
		const work = await claimWork(deps, template_id);
		if (work?.work !== 'delete') return;
		if (work.token === null) return settleWork(deps.db, template_id, work.at, { result: 'refused', error: NO_TOKEN });
		try {
			await deps.templates.remove(work.waba_id, work.token, work.name, work.external_id ?? '');
		} catch (problem) {
			if (!(problem instanceof TemplateRefused)) throw problem;
			if (problem.again !== null) {
				await addJob(
					'template__delete',
					{ template_id },
					{
						runAt: new Date(Date.now() + problem.again * 1_000),
						queueName: `templates:${work.waba_id}`,
						jobKey: `template:${template_id}`
					}
				);
				return;
			}
			if (problem.error.subcode !== GONE && problem.error.subcode !== 33)
				return settleWork(deps.db, template_id, work.at, { result: 'refused', error: problem.error });
		}
		await settleWork(deps.db, template_id, work.at, { result: 'done' });
	});
