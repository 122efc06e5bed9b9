import type { Category } from './component.ts';

/** What decides whether a template can be sent: columns of its row. */
export interface TemplateState {
	status: string;
	category: Category | string | null;
	work: string | null;
	paused_until: string | null;
	components: unknown;
	problem: unknown;
}

/** Codes after which Meta refuses every send of a template, whoever fills it. */
const REFUSED = new Set(['132001', '132007', '132016', '132068', '132069']);

/**
 * Why a template can't be sent now, or null: the same as `private.template_stopped_by`. A pause that has passed its
 * time ends by itself, as Meta's does.
 */
export function stoppedBy(template: TemplateState, now: number): string | null {
	const { status, work, paused_until, components, problem } = template;
	const code = typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : '';
	if (REFUSED.has(code)) return 'refused';
	if (work === 'delete') return 'pending_deletion';
	if (status === 'PAUSED' && paused_until !== null && Date.parse(paused_until) <= now) return null;
	if (status !== 'APPROVED') return status.toLowerCase();
	return components === null ? 'unread' : null;
}
