/** A person with a phone, as the WhatsApp simulator knows them. */
export interface Customer {
	id: string;
	name: string;
	/** Digits with the country code. */
	wa_id: string;
}

export type Company = 'padaria' | 'oficina';

/** The number of each company's WhatsApp channel. */
export const NUMBERS: Record<Company, string> = { padaria: '106540352242922', oficina: '106540352242933' };

/** The simulator's control API: people, what they do without being watched, and what goes wrong on purpose. */
export class Simulator {
	readonly url: string;

	constructor(url: string) {
		this.url = url;
	}

	/** Makes a person nobody has talked with yet. */
	async newCustomer(firstName: string): Promise<Customer> {
		const tail = String(Math.floor(Math.random() * 1e8)).padStart(8, '0');
		const wa_id = `55119${tail}`;
		const name = `${firstName} ${tail.slice(0, 4)}`;
		const { id } = await this.post<{ id: string }>('customers', { name, wa_id });
		return { id, name, wa_id };
	}

	/** The customer does something on the phone; `text` unless another `kind` is named. Gives the message's id. */
	async write(from: Customer, action: Record<string, unknown>, company: Company = 'padaria'): Promise<string> {
		const body = { phone_number_id: NUMBERS[company], from: from.id, ...action };
		return (await this.post<{ id: string }>('inbound', body)).id;
	}

	/** Turns the customer's phone on or off. */
	async power(customer: Customer, online: boolean): Promise<void> {
		await this.post(`customers/${encodeURIComponent(customer.id)}`, { online });
	}

	/** Changes what goes wrong on purpose. */
	async faults(change: Record<string, unknown>): Promise<void> {
		await this.post('faults', change);
	}

	/** What the customer's phone holds of a company, oldest first. */
	async chat(customer: Customer, company: Company = 'padaria'): Promise<PhoneMessage[]> {
		const response = await fetch(`${this.url}/_simulator/chats/${NUMBERS[company]}/${encodeURIComponent(customer.id)}`);
		return ((await response.json()) as { messages: PhoneMessage[] }).messages;
	}

	async post<Answer>(path: string, body: Record<string, unknown>): Promise<Answer> {
		const response = await fetch(`${this.url}/_simulator/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body)
		});
		if (!response.ok) throw new Error(`the simulator answers ${response.status}: ${await response.text()}`);
		return (await response.json()) as Answer;
	}
}

export interface PhoneMessage {
	id: string;
	direction: 'in' | 'out';
	kind: string;
	content: Record<string, unknown>;
	status: string;
	quoted: string | null;
}
