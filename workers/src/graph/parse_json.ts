/** The value a text stands for; undefined where it is no JSON, as the page of a proxy. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
