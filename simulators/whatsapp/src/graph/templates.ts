import { readBody } from '../../../http/body.ts';
import { listed } from '../state/demo_templates.ts';
import type { Template } from '../state/templates.ts';
import { acceptDraft, draftSchema, templateError } from '../templates/refuse_draft.ts';
import { judge, review } from '../templates/review.ts';
import type { GraphAnswer, GraphCall } from './call.ts';
import { badParameter, unknownObject } from './error.ts';
import { refuseShape } from './refuse_shape.ts';

const LARGEST_BODY = 512 * 1024;
const FIELDS = [
	'name',
	'parameter_format',
	'components',
	'language',
	'status',
	'category',
	'previous_category',
	'correct_category',
	'rejected_reason',
	'quality_score',
	'id'
];

/** `/:waba_id/message_templates`: the list, paged by cursors; a new one; the end of one or of all languages of a name. */
export async function messageTemplates(call: GraphCall, wabaId: string): Promise<GraphAnswer> {
	if (!call.businesses.some((business) => business.waba_id === wabaId)) throw unknownObject(call.method, wabaId);
	if (call.method === 'GET') return list(call, wabaId);
	if (call.method === 'POST') return create(call, wabaId);
	if (call.method === 'DELETE') return remove(call, wabaId);
	throw unknownObject(call.method, wabaId);
}

function list({ world, query }: GraphCall, wabaId: string): GraphAnswer {
	const limit = Math.min(Math.max(Number(query.get('limit') ?? 25) || 25, 1), 1_000);
	const after = Number(Buffer.from(query.get('after') ?? '', 'base64url').toString() || 0);
	const matching = world.templates.of(wabaId).filter(({ name, status, language }) => {
		const [wanted, state, tongue] = [query.get('name'), query.get('status'), query.get('language')];
		return (!wanted || name === wanted) && (!state || status === state) && (!tongue || language === tongue);
	});
	const page = matching.slice(after, after + limit);
	const cursor = (place: number): string => Buffer.from(String(place)).toString('base64url');
	const more = after + limit < matching.length;
	return {
		body: {
			data: page.map((template) => chosen(template, query.get('fields'))),
			paging: {
				cursors: { before: cursor(after), after: cursor(after + page.length) },
				...(more
					? { next: `https://graph.facebook.com/${wabaId}/message_templates?after=${cursor(after + limit)}` }
					: {})
			}
		},
		summary: 'templates'
	};
}

function chosen(template: Template, fields: string | null): Record<string, unknown> {
	const all = listed(template);
	if (fields === null) {
		const { quality_score: _quality, rejected_reason: _reason, ...usual } = all;
		return usual;
	}
	const names = fields.split(',').map((name) => name.trim());
	const unknown = names.find((name) => !FIELDS.includes(name));
	if (unknown !== undefined)
		throw badParameter(`Tried accessing nonexisting field (${unknown}) on node type (WhatsAppMessageTemplate)`);
	return Object.fromEntries([...names, 'id'].filter((name) => name in all).map((name) => [name, all[name]]));
}

async function read(call: GraphCall): Promise<Record<string, unknown>> {
	try {
		return JSON.parse((await readBody(call.request, LARGEST_BODY)).toString('utf8')) as Record<string, unknown>;
	} catch (error) {
		if (error instanceof SyntaxError) throw badParameter('The request body is not valid JSON.');
		throw error;
	}
}

async function create(call: GraphCall, wabaId: string): Promise<GraphAnswer> {
	const { world } = call;
	const body = await read(call);
	const draft = draftSchema.safeParse(body, { reportInput: true });
	const issue = draft.error?.issues[0];
	if (!draft.data || issue) throw issue ? refuseShape(issue) : badParameter('Invalid parameter');
	const components = acceptDraft(draft.data);
	const { name, language, category, parameter_format } = draft.data;
	if (world.templates.named(wabaId, name, language).length > 0)
		throw templateError(
			2388024,
			'Content in this language already exists',
			'There is already content in this language for this template. Create a new template and try again.'
		);
	const now = world.clock.now();
	const template = world.templates.save({
		id: world.templates.newId(now),
		waba_id: wabaId,
		name,
		language,
		category,
		previous_category: null,
		correct_category: null,
		status: 'PENDING',
		rejected_reason: 'NONE',
		quality: 'UNKNOWN',
		parameter_format,
		components,
		pauses: 0,
		created_at: now
	});
	review(world, template);
	return { body: { id: template.id, status: 'PENDING', category }, summary: `template ${name}`, request: body };
}

/** `POST /:template_id`: other text or another category, reviewed again. */
export async function editTemplate(call: GraphCall, template: Template): Promise<GraphAnswer> {
	const body = await read(call);
	if (!['APPROVED', 'REJECTED', 'PAUSED'].includes(template.status))
		throw templateError(
			2388003,
			"This template can't be edited",
			'Only approved, rejected or paused templates can be edited.'
		);
	if (body['category'] !== undefined && body['category'] !== template.category && template.status === 'APPROVED')
		throw templateError(
			2388025,
			"Category can't be changed",
			'You cannot change the category of an approved template.'
		);
	const draft = draftSchema.safeParse(
		{
			components: template.components,
			category: template.category,
			parameter_format: template.parameter_format,
			...body,
			name: template.name,
			language: template.language
		},
		{ reportInput: true }
	);
	const issue = draft.error?.issues[0];
	if (!draft.data || issue) throw issue ? refuseShape(issue) : badParameter('Invalid parameter');
	const { category, parameter_format } = draft.data;
	const components = acceptDraft(draft.data);
	const edited = call.world.templates.save({ ...template, category, parameter_format, components, status: 'PENDING' });
	review(call.world, edited);
	return { body: { success: true, id: edited.id, category }, summary: `edit ${template.name}`, request: body };
}

/** `GET /:template_id` */
export function getTemplate(call: GraphCall, template: Template): GraphAnswer {
	return { body: chosen(template, call.query.get('fields')), summary: `template ${template.name}` };
}

function remove({ world, query }: GraphCall, wabaId: string): GraphAnswer {
	const name = query.get('name');
	if (!name) throw badParameter('The parameter name is required.');
	const id = query.get('hsm_id');
	const found = world.templates.named(wabaId, name).filter((template) => id === null || template.id === id);
	if (found.length === 0)
		throw templateError(
			2593002,
			'Message template not found',
			'The message template you are trying to delete was not found.'
		);
	for (const template of found) judge(world, template, { action: 'delete' });
	return { body: { success: true }, summary: `delete ${name}` };
}
