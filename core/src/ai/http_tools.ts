import { z } from 'zod';
import type { HttpRequest } from '../flows/effects.ts';

/*
 * A tenant's own tools: each calls one path of an HTTP connection, with what the model fills in. Address and keys stand
 * in the connection; here is what may be asked for, as simple fields.
 */

export const PARAMETER_TYPES = ['text', 'number', 'boolean', 'choice'] as const;
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const name = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'small letters, digits and _');
const line = (most: number) => z.string().trim().min(1).max(most);

const Parameter = z
	.strictObject({
		name,
		type: z.enum(PARAMETER_TYPES).default('text'),
		description: z.string().trim().max(300).default(''),
		required: z.boolean().default(true),
		/** Of a choice. */
		choices: z.array(line(80)).max(30).default([])
	})
	.refine(({ type, choices }) => (type === 'choice') === choices.length > 0, { error: 'choices', path: ['choices'] });
export type HttpParameter = z.infer<typeof Parameter>;

const unique = (names: string[]) => new Set(names).size === names.length;

export const HttpTool = z
	.strictObject({
		name,
		description: line(500),
		/** A module of kind `http`. */
		connection: z.guid(),
		method: z.enum(HTTP_METHODS).default('GET'),
		/** Under the connection's address; `{order}` is the parameter of that name. */
		path: z
			.string()
			.trim()
			.max(300)
			.regex(/^\/[^\s\\?#]*$/, 'begins with /'),
		parameters: z.array(Parameter).max(12).default([])
	})
	.refine(({ parameters }) => unique(parameters.map((one) => one.name)), { error: 'each once', path: ['parameters'] })
	.refine(({ path, parameters }) => placesIn(path).every((place) => parameters.some((one) => one.name === place)), {
		error: 'a place in the path has no parameter',
		path: ['path']
	});
export type HttpTool = z.infer<typeof HttpTool>;

/** What may be in a call's path: names between braces. */
export const placesIn = (path: string): string[] => [...path.matchAll(/\{([^{}]*)\}/g)].map(([, place = '']) => place);

/** What a model is asked to fill in. */
export function inputOf({ path, parameters }: HttpTool): z.ZodObject {
	const places = placesIn(path);
	return z.object(
		Object.fromEntries(
			parameters.map((one) => {
				const schema = schemaOf(one).describe(one.description || one.name);
				return [one.name, one.required || places.includes(one.name) ? schema : schema.optional()];
			})
		)
	);
}

function schemaOf({ type, choices }: HttpParameter): z.ZodType {
	switch (type) {
		case 'number':
			return z.number();
		case 'boolean':
			return z.boolean();
		case 'choice':
			return z.enum(choices);
		case 'text':
			return z.string().trim().min(1).max(1_000);
	}
}

/** How long a customer waits for somebody else's machine. */
const SECONDS = 8;

/** The call that a filled-in tool makes: what has no place in the path is asked in the query, or sent as JSON. */
export function requestOf(tool: HttpTool, input: Readonly<Record<string, unknown>>): HttpRequest {
	const places = placesIn(tool.path);
	const given = tool.parameters.flatMap(({ name }) =>
		input[name] === undefined ? [] : [[name, input[name]] as const]
	);
	const rest = given.filter(([name]) => !places.includes(name));
	// Encoded whole: a customer's words stay one member of the path.
	const path = tool.path.replace(/\{([^{}]*)\}/g, (_all, place: string) => encodeURIComponent(String(input[place])));
	const asked = tool.method === 'GET' || tool.method === 'DELETE';
	const query = asked ? new URLSearchParams(rest.map(([name, value]) => [name, String(value)])).toString() : '';
	return {
		method: tool.method,
		url: query === '' ? path : `${path}?${query}`,
		headers: asked ? {} : { 'content-type': 'application/json' },
		body: asked ? '' : JSON.stringify(Object.fromEntries(rest)),
		seconds: SECONDS,
		retries: tool.method === 'GET' ? 1 : 0,
		connection: tool.connection
	};
}
