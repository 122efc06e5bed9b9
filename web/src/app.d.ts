import type { Client } from '#lib/auth/server.ts';
import type { Person } from '#lib/auth/person.ts';

declare global {
	namespace App {
		interface Locals {
			supabase: Client;
			/** Who is signed in, checked with the auth server; null for a visitor. */
			person: Person | null;
		}
	}
}

export {};
