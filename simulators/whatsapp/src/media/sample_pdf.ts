/** One page that says what it is: a receipt, as a real PDF with its cross-reference table. */
export function samplePdf(title = 'Comprovante'): Buffer {
	const safe = title
		.normalize('NFD')
		.replace(/[^\x20-\x7e]/g, '')
		.replace(/[()\\]/g, ' ')
		.slice(0, 60);
	const drawing = [
		'BT /F1 22 Tf 56 770 Td (' + safe + ') Tj ET',
		'BT /F1 12 Tf 56 740 Td (Documento de exemplo do simulador.) Tj ET',
		'0.2 0.5 0.4 RG 56 726 m 539 726 l S'
	].join('\n');
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
	];
	let text = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const offset = text.length;
		text += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return offset;
	});
	const table = text.length;
	text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
	for (const offset of offsets) text += `${String(offset).padStart(10, '0')} 00000 n \n`;
	text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
	return Buffer.from(text, 'latin1');
}
