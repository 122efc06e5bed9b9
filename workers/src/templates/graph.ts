import { z } from 'zod';

/** Why Meta did not do it, in its own words; what it tells people comes before what it tells programs. */
export interface TemplateError {
	code: number;
	subcode: number | null;
	title: string;
	details: string | null;
}

/** Meta has answered with an error. */
export class TemplateRefused extends Error {
	override name = 'TemplateRefused';
	readonly error: TemplateError;
	/** Seconds to wait where it is a matter of time: a limit of the account, a fault of Meta's. Null: asking again is no use. */
	readonly again: number | null;
	constructor(error: TemplateError, again: number | null) {
		super(`${error.code}${error.subcode ? `/${error.subcode}` : ''}: ${error.title}`);
		this.error = error;
		this.again = again;
	}
}

export interface TemplateAnswer {
	external_id: string | null;
	status: string | null;
	category: string | null;
}

/** What is asked of Meta about templates. Throws TemplateRefused, or what `fetch` throws where nobody answers. */
export interface TemplatesGraph {
	/** One page of an account's list; `after` of the one before. */
	list(wabaId: string, token: string, after: string | null): Promise<{ items: unknown[]; after: string | null }>;
	/** Every language of one name. */
	named(wabaId: string, token: string, name: string): Promise<unknown[]>;
	create(wabaId: string, token: string, template: object): Promise<TemplateAnswer>;
	edit(externalId: string, token: string, template: object): Promise<TemplateAnswer>;
	remove(wabaId: string, token: string, name: string, externalId: string): Promise<void>;
	/** Hands over a file to be shown to the review; its handle. */
	upload(token: string, file: Blob, name: string): Promise<string>;
}

const TIMEOUT_MS = 30_000;
const FIELDS =
	'id,name,language,status,category,previous_category,components,parameter_format,quality_score,rejected_reason';
/** Meta's limits of calls: an account's, an app's, a user's, templates'. */
const LIMITED = new Set([4, 17, 32, 80007, 80008, 613, 130429]);

const Refused = z.object({
	error: z.object({
		code: z.number().int(),
		error_subcode: z.number().int().optional(),
		message: z.string().default(''),
		error_user_title: z.string().nullish(),
		error_user_msg: z.string().nullish(),
		error_data: z.looseObject({ details: z.string().optional() }).nullish().catch(null)
	})
});
const Page = z.object({
	data: z.array(z.unknown()),
	paging: z
		.object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
		.optional()
});
const text = z.union([z.string(), z.number().transform(String)]);
const Answer = z.object({ id: text.optional(), status: z.string().optional(), category: z.string().optional() });

export function createTemplatesGraph({ url, version }: { url: string; version: string }): TemplatesGraph {
	const base = `${url.replace(/\/+$/, '')}/${version}`;

	return {
		async list(wabaId, token, after) {
			const query = new URLSearchParams({ fields: FIELDS, limit: '100', ...(after === null ? {} : { after }) });
			const page = Page.parse(await call('GET', `${wabaId}/message_templates?${query}`, token));
			return { items: page.data, after: page.paging?.next ? (page.paging.cursors?.after ?? null) : null };
		},
		async named(wabaId, token, name) {
			const query = new URLSearchParams({ fields: FIELDS, limit: '100', name });
			return Page.parse(await call('GET', `${wabaId}/message_templates?${query}`, token)).data;
		},
		async create(wabaId, token, template) {
			return answerOf(await call('POST', `${wabaId}/message_templates`, token, template));
		},
		async edit(externalId, token, template) {
			return answerOf(await call('POST', externalId, token, template));
		},
		async remove(wabaId, token, name, externalId) {
			await call('DELETE', `${wabaId}/message_templates?${new URLSearchParams({ name, hsm_id: externalId })}`, token);
		},
		async upload(token, file, name) {
			const about = await call('GET', `debug_token?${new URLSearchParams({ input_token: token })}`, token);
			const { data } = z.object({ data: z.object({ app_id: text }) }).parse(about);
			const query = new URLSearchParams({ file_name: name, file_length: String(file.size), file_type: file.type });
			const opened = z.object({ id: z.string() }).parse(await call('POST', `${data.app_id}/uploads?${query}`, token));
			const sent = await fetch(`${base}/${opened.id}`, {
				method: 'POST',
				headers: { authorization: `OAuth ${token}`, file_offset: '0' },
				body: file,
				signal: AbortSignal.timeout(TIMEOUT_MS)
			});
			return z.object({ h: z.string().min(1) }).parse(await bodyOf(sent)).h;
		}
	};

	async function call(method: string, path: string, token: string, body?: object): Promise<unknown> {
		const response = await fetch(`${base}/${path}`, {
			method,
			headers: {
				authorization: `Bearer ${token}`,
				accept: 'application/json',
				...(body ? { 'content-type': 'application/json' } : {})
			},
			...(body ? { body: JSON.stringify(body) } : {}),
			signal: AbortSignal.timeout(TIMEOUT_MS)
		});
		return bodyOf(response);
	}
}

function answerOf(body: unknown): TemplateAnswer {
	const { id, status, category } = Answer.parse(body);
	return { external_id: id ?? null, status: status ?? null, category: category ?? null };
}

/** The JSON of a good answer. Throws TemplateRefused for Meta's errors, Error for what is not Meta's. */
async function bodyOf(response: Response): Promise<unknown> {
	const body: unknown = await response.json().catch(() => null);
	if (response.ok && body !== null) return body;
	const refused = Refused.safeParse(body);
	if (!refused.success) throw new Error(`HTTP ${response.status} without an answer of Meta's`);
	const { code, error_subcode, message, error_user_title, error_user_msg, error_data } = refused.data.error;
	const passes = LIMITED.has(code) || response.status === 429 || response.status >= 500 || code === 1 || code === 2;
	throw new TemplateRefused(
		{
			code,
			subcode: error_subcode ?? null,
			title: error_user_title ?? message,
			details: error_user_msg ?? error_data?.details ?? null
		},
		passes ? pauseOf(response.headers) : null
	);
}

/** How long Meta asks to wait, in seconds: minutes in `x-business-use-case-usage` once a limit is reached. */
function pauseOf(headers: Headers): number {
	try {
		const usage = JSON.parse(headers.get('x-business-use-case-usage') ?? '{}') as Record<string, unknown>;
		const minutes = Object.values(usage)
			.flat()
			.map((one) => Number((one as { estimated_time_to_regain_access?: unknown }).estimated_time_to_regain_access))
			.filter(Number.isFinite);
		return Math.max(60, ...minutes.map((one) => one * 60));
	} catch {
		return 60;
	}
}
