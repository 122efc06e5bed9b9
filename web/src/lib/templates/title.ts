/** `pedido_confirmado` → Pedido confirmado. */
export function titleOf(name: string): string {
	const words = name.replaceAll('_', ' ').trim();
	return words.charAt(0).toUpperCase() + words.slice(1);
}
