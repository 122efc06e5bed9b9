import fs from 'node:fs';
import path from 'node:path';

/** The file a part of the stack writes to. The one of the last run is kept beside it as `<name>.log.1`. */
export function rotateLog(folder: string, name: string): string {
	const file = path.join(folder, `${name}.log`);
	if (fs.existsSync(file)) fs.renameSync(file, `${file}.1`);
	fs.writeFileSync(file, '');
	return file;
}
