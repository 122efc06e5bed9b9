/** A sentence for the person at the terminal; printed without a stack trace. */
export class Refusal extends Error {
	override name = 'Refusal';
}

/** Every address of the stack: what listens there and where it stands when nothing is said. */
const PORTS = {
	gateway: { env: 'PORT_GATEWAY', default: 54321, purpose: 'the Supabase gateway' },
	postgres: { env: 'PORT_POSTGRES', default: 54322, purpose: 'Postgres' },
	web: { env: 'PORT_WEB', default: 3000, purpose: 'the web application' },
	mail: { env: 'PORT_MAIL', default: 54324, purpose: 'the mailbox' },
	functions: { env: 'PORT_FUNCTIONS', default: 54325, purpose: 'the edge functions' },
	smtp: { env: 'PORT_SMTP', default: 54326, purpose: 'mails by SMTP' },
	whatsapp: { env: 'PORT_WHATSAPP', default: 54330, purpose: 'the WhatsApp simulator' },
	model: { env: 'PORT_MODEL', default: 54331, purpose: 'the model simulator' },
	sgp: { env: 'PORT_SGP', default: 54332, purpose: 'the SGP simulator' }
} as const;

export type PortName = keyof typeof PORTS;
export type Ports = Record<PortName, number>;

export const portNames = Object.keys(PORTS) as PortName[];

/** What a port is for and the variable that moves it: words for a sentence about a taken port. */
export function describePort(name: PortName): { purpose: string; env: string } {
	return PORTS[name];
}

/**
 * The ports of this run: `PORT_<NAME>`, or the default, each shifted by `PORT_OFFSET`.
 * Throws a Refusal that names the variable when a value is no port or two services would share one.
 */
export function readPorts(env: NodeJS.ProcessEnv): Ports {
	const offset = readInteger(env, 'PORT_OFFSET', 0);
	const ports = {} as Ports;
	const owners = new Map<number, string>();

	for (const name of portNames) {
		const { env: variable, default: fallback } = PORTS[name];
		const port = readInteger(env, variable, fallback) + offset;
		if (port < 1 || port > 65_535) {
			const shifted = offset === 0 ? '' : ` (shifted by PORT_OFFSET=${offset})`;
			throw new Refusal(`${variable} would be ${port}${shifted}, but a port lies between 1 and 65535.`);
		}
		const owner = owners.get(port);
		if (owner) throw new Refusal(`${owner} and ${variable} are both ${port}; give one of them another port.`);
		owners.set(port, variable);
		ports[name] = port;
	}
	return ports;
}

function readInteger(env: NodeJS.ProcessEnv, variable: string, fallback: number): number {
	const text = env[variable]?.trim();
	if (!text) return fallback;
	if (!/^-?\d{1,5}$/.test(text)) throw new Refusal(`${variable} is "${text}", which is not a whole number.`);
	return Number(text);
}
