/** Who is signed in, as far as the token says. */
export interface Person {
	id: string;
	email: string;
	name: string;
}

/** Reads a person from verified token claims; the name falls back to what stands before the @. */
export function personFrom(claims: { sub: string; email?: string; user_metadata?: Record<string, unknown> }): Person {
	const email = claims.email ?? '';
	const { name, full_name: fullName, display_name: displayName } = claims.user_metadata ?? {};
	const known = [displayName, name, fullName].find((value) => typeof value === 'string' && value !== '');
	return { id: claims.sub, email, name: typeof known === 'string' ? known : (email.split('@')[0] ?? email) };
}
