import { readComponents } from '@prosa/core/whatsapp/templates/component.ts';
import { z } from 'zod';
import { task } from '../task.ts';
import type { TemplateDeps } from '../templates/deps.ts';
import { TemplateRefused, type TemplateAnswer } from '../templates/graph.ts';
import { withHandles } from '../templates/samples.ts';
import { claimWork, NO_TOKEN, settleWork, WorkPayload, type Work } from '../templates/work.ts';

/** "Content in this language already exists". */
const EXISTS = 2388024;

const Found = z.object({
	id: z.union([z.string(), z.number().transform(String)]),
	language: z.string(),
	status: z.string(),
	category: z.string()
});

/**
 * Hands a draft to Meta, as a new template or an edit. Runs again safely: a name has one template a language, so that a
 * try whose answer was lost is found by its name. The draft stays until Meta has taken it.
 */
export const templateSubmit = (deps: TemplateDeps) =>
	task(WorkPayload, async ({ template_id }, { addJob, job }) => {
		const work = await claimWork(deps, template_id);
		if (work?.work !== 'submit' || !work.draft) return;
		if (work.token === null) return settleWork(deps.db, template_id, work.at, { result: 'refused', error: NO_TOKEN });
		try {
			const answer = await submit(deps, work, work.token, job.attempts > 1);
			await settleWork(deps.db, template_id, work.at, { result: 'done', ...answer });
		} catch (problem) {
			if (!(problem instanceof TemplateRefused)) throw problem;
			if (problem.again === null)
				return settleWork(deps.db, template_id, work.at, { result: 'refused', error: problem.error });
			await addJob(
				'template__submit',
				{ template_id },
				{
					runAt: new Date(Date.now() + problem.again * 1_000),
					queueName: `templates:${work.waba_id}`,
					jobKey: `template:${template_id}`
				}
			);
		}
	});

async function submit(deps: TemplateDeps, work: Work, token: string, again: boolean): Promise<TemplateAnswer> {
	const { name, language, external_id, waba_id, tenant_id, draft } = work;
	const components = await withHandles(readComponents(draft?.components), tenant_id, deps, token);
	const content = { category: draft?.category, parameter_format: draft?.parameter_format, components };
	if (external_id !== null) return { ...(await deps.templates.edit(external_id, token, content)), external_id };
	try {
		return await deps.templates.create(waba_id, token, { name, language, ...content });
	} catch (problem) {
		// An earlier try of ours was taken, and its answer lost on the way.
		if (!again || !(problem instanceof TemplateRefused) || problem.error.subcode !== EXISTS) throw problem;
		const found = z
			.array(Found)
			.parse(await deps.templates.named(waba_id, token, name))
			.find((one) => one.language.replace('-', '_') === language);
		if (!found) throw problem;
		return { external_id: found.id, status: found.status, category: found.category };
	}
}
