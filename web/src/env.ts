import { building } from '$app/env';
import { defineEnvVars } from '@sveltejs/kit/env';

/** The build runs the app without a stack around it; a server must know its address, and says so when it doesn't. */
function needed(value: string | undefined): string {
	if (!value && !building) throw new Error('is missing: `npm start` sets it, .data/stack.json shows it');
	return value ?? '';
}

/** What the web needs to know of the world. All of it is public: the browser talks to Supabase under row security. */
export const variables = defineEnvVars({
	SUPABASE_URL: { public: true, schema: needed, description: 'Address of the Supabase API, as the browser reaches it' },
	VAPID_PUBLIC_KEY: {
		public: true,
		schema: (value: string | undefined) => value ?? '',
		description: 'Public half of the key that signs pushes; without it no device is offered any'
	},
	MAIL_FROM: {
		public: false,
		schema: (value: string | undefined) => value ?? '',
		description:
			'Whom mails about notifications come from, as the worker has it; without it their settings are not shown'
	},
	SUPABASE_ANON_KEY: { public: true, schema: needed, description: 'Anonymous or publishable key of the project' }
});
