/** How the parts of an agent's form look. */
export const area =
	'w-full rounded-control bg-surface px-3 py-2 text-base text-ink ring-1 ring-line-strong ring-inset focus:ring-2 focus:ring-jade focus:outline-none disabled:opacity-60';
export const section = 'flex flex-col gap-4 border-t border-line pt-6 first:border-t-0 first:pt-0';
