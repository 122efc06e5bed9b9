export interface ServerEvent {
	event: string;
	data: unknown;
}

/** Reads server-sent events (one `data` line of JSON each, as ours are), however the line cuts them. */
export class Events {
	#held = '';

	/** The events that are whole by now. */
	push(text: string): ServerEvent[] {
		const parts = (this.#held + text).split('\n\n');
		this.#held = parts.pop() ?? '';
		return parts.flatMap((part) => {
			const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
			return event === undefined || data === undefined ? [] : [{ event, data: JSON.parse(data) as unknown }];
		});
	}
}
