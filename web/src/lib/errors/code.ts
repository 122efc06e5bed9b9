/**
 * The catalogue code of whatever was thrown: PostgREST puts it into `message`. `offline` when the server could not be
 * reached at all, which supabase-js reports as an error without a code.
 */
export function codeOf(problem: unknown): string {
	if (typeof problem !== 'object' || problem === null) return 'unknown';
	const message = 'message' in problem && typeof problem.message === 'string' ? problem.message : '';
	const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : '';
	if (/failed to fetch|networkerror|load failed|fetch failed/i.test(message)) return 'offline';
	return code.startsWith('PT') || /^[a-z]+(_[a-z]+)*$/.test(message) ? message : 'unknown';
}
