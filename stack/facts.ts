import fs from 'node:fs';
import { MODEL_KEY } from '../simulators/model/src/access.ts';
import { SGP_APP, SGP_TOKEN } from '../simulators/sgp/index.ts';
import { DEMO_PASSWORD, demoTenants } from './seed/demo.ts';
import type { Secrets } from './secrets.ts';

/** `.data/stack.json`: how a tool or a test reaches the running stack. Its shape is a contract. */
export interface StackFacts {
	api_url: string;
	db_url: string;
	anon_key: string;
	service_role_key: string;
	jwt_secret: string;
	web_url: string;
	mail_url: string;
	whatsapp: {
		webhook_url: string;
		app_secret: string;
		verify_token: string;
		graph_url: string;
		phone_number_id: string;
	};
	/** The simulated model, for any OpenAI client. */
	model: { base_url: string; api_key: string };
	/** The simulated internet provider's ERP. */
	sgp: { url: string; token: string; app: string };
	users: { email: string; password: string; role: string; tenant: string }[];
}

export interface FactsInput {
	secrets: Secrets;
	apiUrl: string;
	dbUrl: string;
	anonKey: string;
	serviceRoleKey: string;
	webUrl: string;
	mailUrl: string;
	graphUrl: string;
	modelUrl: string;
	sgpUrl: string;
}

export function describeStack(input: FactsInput): StackFacts {
	const [first] = demoTenants;
	if (!first) throw new Error('there is no demo tenant');
	return {
		api_url: input.apiUrl,
		db_url: input.dbUrl,
		anon_key: input.anonKey,
		service_role_key: input.serviceRoleKey,
		jwt_secret: input.secrets.jwt_secret,
		web_url: input.webUrl,
		mail_url: input.mailUrl,
		whatsapp: {
			webhook_url: `${input.apiUrl}/functions/v1/whatsapp`,
			app_secret: input.secrets.whatsapp_app_secret,
			verify_token: input.secrets.whatsapp_verify_token,
			graph_url: input.graphUrl,
			phone_number_id: first.channel.phone_number_id
		},
		model: { base_url: `${input.modelUrl}/v1`, api_key: MODEL_KEY },
		sgp: { url: input.sgpUrl, token: SGP_TOKEN, app: SGP_APP },
		users: demoTenants.flatMap(({ slug, people }) =>
			people.map(({ email, role }) => ({ email, password: DEMO_PASSWORD, role, tenant: slug }))
		)
	};
}

/** Written whole or not at all: whoever waits for the file must not read half of it. It holds secrets, so it is its owner's. */
export function writeFacts(file: string, facts: StackFacts): void {
	const temporary = `${file}.${process.pid}`;
	fs.writeFileSync(temporary, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
	fs.renameSync(temporary, file);
}

export function readFacts(file: string): StackFacts | null {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8')) as StackFacts;
	} catch {
		return null;
	}
}
