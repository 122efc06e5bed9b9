/**
 * @typedef {{ name: string, phone_number_id: string, waba_id: string, display_phone_number: string }} Business
 * @typedef {{ id: string, name: string | null, wa_id: string | null, username: string | null, about: string,
 *   online: boolean, on_whatsapp: boolean, auto_read_ms: number | null, user_ids: Record<string, string> }} Customer
 * @typedef {{ id: string, chat: string, direction: 'in' | 'out', kind: string, content: Record<string, any>, at: number,
 *   status: string, failure: { code: number, title: string, details: string } | null, quoted: string | null,
 *   reactions: { customer?: string, business?: string }, edited_at: number | null, revoked_at: number | null,
 *   label: string | null, history: boolean }} Message
 * @typedef {{ id: number, at: string, direction: 'graph' | 'webhook', method: string, path: string, status: number,
 *   ms: number, summary: string, attempt: number, fault: string | null, error: string | null }} LogEntry
 */

/**
 * Asks the simulator. Throws an Error with its own words when it refuses.
 * @param {string} path
 * @param {unknown} [body] with one it is a POST
 * @returns {Promise<any>}
 */
export async function ask(path, body) {
	const init =
		body === undefined
			? {}
			: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	const answer = await fetch(`/_simulator${path}`, init);
	const result = await answer.json();
	if (!answer.ok) throw new Error(typeof result.error === 'string' ? result.error : `HTTP ${answer.status}`);
	return result;
}

/**
 * Listens to what happens; the browser connects again by itself.
 * @param {Record<string, (data: any) => void>} handlers
 * @returns {EventSource}
 */
export function listen(handlers) {
	const source = new EventSource('/_simulator/events');
	for (const [event, handler] of Object.entries(handlers)) {
		source.addEventListener(event, (message) => handler(event === 'error' ? null : JSON.parse(message.data)));
	}
	return source;
}

/**
 * A file as base64, the way the simulator takes it.
 * @param {File} file
 * @returns {Promise<string>}
 */
export function base64(file) {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
		reader.onerror = () => reject(reader.error);
		reader.readAsDataURL(file);
	});
}
