/** Says that this process serves; whether the database does is asked of the database. */
export function GET() {
	return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
}
