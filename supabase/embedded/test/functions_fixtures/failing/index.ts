import type { DenoApi } from '../deno.ts';
declare const Deno: DenoApi;

Deno.serve(() => {
	throw new Error('a bug');
});
