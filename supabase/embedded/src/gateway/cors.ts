import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT';

/** What supabase-js and its kin send; a preflight that asks for others gets those as well. */
const HEADERS =
	'accept,accept-profile,apikey,authorization,content-profile,content-type,prefer,range,range-unit,x-client-info,x-upsert,x-supabase-api-version,x-retry-count,tus-resumable,upload-length,upload-metadata,upload-offset';

/** What a browser's script may read of an answer. */
const EXPOSED =
	'Content-Encoding,Content-Location,Content-Range,Content-Type,Date,Link,Location,Preference-Applied,Proxy-Status,Range-Unit,Server,Transfer-Encoding,WWW-Authenticate,X-Total-Count,Tus-Resumable,Upload-Length,Upload-Offset,x-sb-error-code,x-supabase-api-version';

/** Lets a page of any origin read the answer: keys and tokens guard a project, not origins. */
export function allowOrigin(response: ServerResponse): void {
	response.setHeader('Access-Control-Allow-Origin', '*');
	response.setHeader('Access-Control-Expose-Headers', EXPOSED);
}

export function isPreflight(request: IncomingMessage): boolean {
	return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}

export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
	response.writeHead(200, {
		'Access-Control-Allow-Origin': '*',
		'Access-Control-Allow-Methods': METHODS,
		'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? HEADERS,
		'Access-Control-Max-Age': '3600',
		'Content-Length': '0'
	});
	response.end();
}
