import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import type { Database } from '../database.ts';
import { createTemplatesGraph, type TemplatesGraph } from './graph.ts';
import { createSamples, type Samples } from './samples.ts';

export interface TemplateDeps {
	db: Database;
	keys: SecretKeys;
	templates: TemplatesGraph;
	samples: Samples | null;
}

interface Settings {
	GRAPH_API_URL: string;
	GRAPH_API_VERSION: string;
	SUPABASE_URL?: string | undefined;
	SUPABASE_SERVICE_ROLE_KEY?: string | undefined;
}

/** What the template tasks talk to. Without Storage's address no sample can be handed over. */
export function templateDeps(settings: Settings): Pick<TemplateDeps, 'templates' | 'samples'> {
	const { GRAPH_API_URL: url, GRAPH_API_VERSION: version, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = settings;
	return {
		templates: createTemplatesGraph({ url, version }),
		samples:
			SUPABASE_URL && SUPABASE_SERVICE_ROLE_KEY
				? createSamples({ url: SUPABASE_URL, key: SUPABASE_SERVICE_ROLE_KEY })
				: null
	};
}
