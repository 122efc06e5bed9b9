import {
	readComponents,
	type Category,
	type ParameterFormat,
	type TemplateComponent
} from '@prosa/core/whatsapp/templates/component.ts';
import type { Database } from '#lib/database.ts';

type Tables = Database['public']['Tables'];

/** Why Meta refused something, in its own words. */
export interface Refusal {
	work?: 'submit' | 'delete';
	code: number | string;
	subcode?: number | null;
	title: string;
	details: string | null;
}

export interface DraftContent {
	category: Category;
	parameter_format: ParameterFormat;
	components: TemplateComponent[];
}

/** A template as pages draw it: its jsonb columns in the shape core gives them. */
export type Template = Omit<
	Tables['templates']['Row'],
	'components' | 'draft' | 'refusal' | 'problem' | 'status_detail' | 'parameter_format' | 'category' | 'work'
> & {
	category: Category | null;
	parameter_format: ParameterFormat;
	work: 'submit' | 'delete' | null;
	/** Null: Meta's text has not been read yet. */
	components: TemplateComponent[] | null;
	draft: DraftContent | null;
	refusal: Refusal | null;
	problem: Refusal | null;
	status_detail: Record<string, string> | null;
};

export type TemplateEvent = Omit<Tables['template_events']['Row'], 'detail'> & { detail: Record<string, unknown> };
export type TemplateSync = Omit<Tables['template_syncs']['Row'], 'error'> & { error: Refusal | null };

/** A row of the database, or of realtime, as pages draw it. */
export function readTemplate(row: Tables['templates']['Row']): Template {
	const draft = row.draft as (Omit<DraftContent, 'components'> & { components: unknown }) | null;
	return {
		...row,
		category: row.category as Category | null,
		parameter_format: row.parameter_format as ParameterFormat,
		work: row.work as Template['work'],
		components: row.components === null ? null : readComponents(row.components),
		draft: draft && { ...draft, components: readComponents(draft.components) },
		refusal: row.refusal as Refusal | null,
		problem: row.problem as Refusal | null,
		status_detail: row.status_detail as Record<string, string> | null
	};
}

/** What is shown of a template: what Meta holds, or the draft where it holds nothing yet. */
export function textOf(template: Template): { parameter_format: ParameterFormat; components: TemplateComponent[] } {
	if (template.components) return { parameter_format: template.parameter_format, components: template.components };
	return template.draft ?? { parameter_format: template.parameter_format, components: [] };
}
