import { test as base, expect, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import postgres from 'postgres';
import type { StackFacts } from '../../stack/facts.ts';
import { noFaults } from '../../simulators/whatsapp/src/state/faults.ts';
import { waitUntilAwake } from './awake.ts';
import { Inbox } from './pages/inbox.ts';
import { Phone } from './pages/phone.ts';
import { SignIn } from './pages/sign_in.ts';
import { Simulator, type Company, type Customer } from './simulator.ts';

export { expect };

export type Person = 'ana' | 'sofia' | 'caio' | 'duda' | 'vera' | 'bruno' | 'edu';

const companyOf = (person: Person): Company => (['bruno', 'edu'].includes(person) ? 'oficina' : 'padaria');
export const emailOf = (person: Person) => `${person}@${companyOf(person)}.test`;

interface Journey {
	simulator: Simulator;
	/** A customer of this journey alone. */
	customer: Customer;
	/** A browser of its own; pages in it that throw or meet a refusal of their content security policy fail the journey. */
	browse: (options?: BrowserContextOptions) => Promise<BrowserContext>;
	/** A customer's phone on a screen of its own. */
	phoneOf: (customer: Customer, company?: Company, options?: BrowserContextOptions) => Promise<Phone>;
	/** A person's inbox in a browser of its own, signed in. */
	inboxOf: (person: Person, options?: BrowserContextOptions) => Promise<Inbox>;
}

interface Stack {
	facts: StackFacts;
	/** The database, for what would take a day to arrange by hand. */
	sql: postgres.Sql;
	/** Cookies of people who have signed in before, so that only journeys about doors wait for passwords. */
	cookies: Map<Person, SignedIn>;
}

interface SignedIn {
	state: Awaited<ReturnType<BrowserContext['storageState']>>;
	/** By `Date.now()`. */
	at: number;
}

/**
 * Cookies are lent for so long: an access token lives 15 minutes, and whoever then uses a refresh token that another
 * browser has used is signed out everywhere, as they should be.
 */
const LENT_MS = 8 * 60_000;

export const test = base.extend<Journey, Stack>({
	facts: [
		async ({}, use) => {
			await use(JSON.parse(process.env.STACK_FACTS ?? '{}') as StackFacts);
		},
		{ scope: 'worker' }
	],
	sql: [
		async ({ facts }, use) => {
			const sql = postgres(facts.db_url, { max: 2, onnotice: () => {} });
			await use(sql);
			await sql.end();
		},
		{ scope: 'worker' }
	],
	cookies: [
		async ({}, use) => {
			await use(new Map());
		},
		{ scope: 'worker' }
	],
	baseURL: async ({ facts }, use) => {
		await use(facts.web_url);
	},
	simulator: async ({ facts }, use) => {
		const simulator = new Simulator(facts.whatsapp.graph_url);
		await use(simulator);
		await simulator.faults({ ...noFaults() });
	},
	customer: async ({ simulator }, use) => {
		await use(await simulator.newCustomer('Rita'));
	},
	browse: async ({ browser, facts }, use) => {
		const contexts: BrowserContext[] = [];
		const problems: string[] = [];
		await use(async (options = {}) => {
			const context = await browser.newContext({ baseURL: facts.web_url, ...options });
			context.on('weberror', (problem) => problems.push(problem.error().stack ?? String(problem.error())));
			context.on('console', (line) => {
				if (/content security policy/i.test(line.text())) problems.push(line.text());
			});
			waitUntilAwake(context);
			contexts.push(context);
			return context;
		});
		await Promise.all(contexts.map((context) => context.close()));
		expect(problems, 'what the pages complained of').toEqual([]);
	},
	phoneOf: async ({ browse, simulator }, use) => {
		await use(async (customer, company = 'padaria', options = {}) => {
			const phone = new Phone(await (await browse(options)).newPage(), simulator.url);
			await phone.open(customer, company);
			return phone;
		});
	},
	inboxOf: async ({ browse, cookies, facts }, use) => {
		await use(async (person, options = {}) => {
			const lent = cookies.get(person);
			const known = lent && Date.now() - lent.at < LENT_MS ? lent.state : null;
			const context = await browse({ ...options, ...(known && { storageState: known }) });
			const page = await context.newPage();
			const inbox = new Inbox(page, companyOf(person));
			if (!known) {
				await new SignIn(page).enter(emailOf(person), passwordOf(facts, person));
				await inbox.arrive();
				cookies.set(person, { state: await context.storageState(), at: Date.now() });
			} else await inbox.open();
			return inbox;
		});
	}
});

export function passwordOf(facts: StackFacts, person: Person): string {
	const found = facts.users.find(({ email }) => email === emailOf(person));
	if (!found) throw new Error(`${person} is not among the demo people`);
	return found.password;
}
