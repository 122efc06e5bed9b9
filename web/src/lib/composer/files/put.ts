/** Where a file goes and how far it has got. `fetch` tells nothing of an upload's progress, so this is the older way. */
export interface Put {
	url: string;
	headers: Record<string, string>;
	body: Blob;
	onprogress: (part: number) => void;
	signal: AbortSignal;
}

/**
 * Uploads to Storage. Rejects as the database's answers do: `content_invalid` with what is wrong with the file, a
 * "failed to fetch" when nobody could be reached, AbortError when it was cancelled.
 */
export function put({ url, headers, body, onprogress, signal }: Put): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) return reject(aborted());
		const request = new XMLHttpRequest();
		request.open('POST', url);
		for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
		request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? loaded / total : 0);
		request.onerror = () => reject(new TypeError('Failed to fetch'));
		request.onabort = () => reject(aborted());
		request.onload = () => {
			const problem = refusalOf(request.status, request.responseText);
			if (problem) reject(problem);
			else resolve();
		};
		signal.addEventListener('abort', () => request.abort(), { once: true });
		request.send(body);
	});
}

const aborted = () => new DOMException('The upload was cancelled', 'AbortError');

/** What Storage's answer means; null when the file is there. It is there too when an earlier try got through unheard. */
export function refusalOf(
	status: number,
	body: string
): { code: string; message: string; details: string | null } | null {
	if (status >= 200 && status < 300) return null;
	const said = statusIn(body) ?? status;
	if (said === 409) return null;
	if (said >= 500) return { code: '', message: 'Failed to fetch', details: null };
	if (said === 413) return { code: 'PT422', message: 'content_invalid', details: 'media_too_large' };
	if (said === 415) return { code: 'PT422', message: 'content_invalid', details: 'media_type_unsupported' };
	if (said === 401) return { code: 'PT401', message: 'not_signed_in', details: null };
	return { code: 'PT403', message: 'not_allowed', details: null };
}

/** Storage answers 400 to most things and says in the body what it means. */
function statusIn(body: string): number | null {
	try {
		const { statusCode } = JSON.parse(body) as { statusCode?: unknown };
		const status = Number(statusCode);
		return Number.isInteger(status) && status >= 400 ? status : null;
	} catch {
		return null;
	}
}
