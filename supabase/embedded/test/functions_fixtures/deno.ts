/** As much of Deno as these functions use. */
export interface DenoApi {
	serve(handler: (request: Request) => Response | Promise<Response>): unknown;
	env: { get(name: string): string | undefined };
	readTextFileSync(path: string): string;
	writeTextFileSync(path: string, text: string): void;
	Command: new (program: string) => { outputSync(): unknown };
	pid: number;
}
