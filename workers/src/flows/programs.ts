import { parseFlow } from '@prosa/core/flows/flow.ts';
import { compile, type Compiled, type Program } from '@prosa/core/flows/program.ts';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';

/** Versions kept ready to run; they never change. */
const REMEMBERED = 300;

/** A flow and the versions of all that it may come through: {flow: version}. */
export interface Beginning {
	flow_id: string;
	pins: Record<string, string>;
}

/** Versions of flows, read once. */
export class Programs {
	readonly #db: Database;
	readonly #known = new Map<string, Compiled | null>();
	readonly #beginnings = new Map<string, Beginning>();

	constructor(db: Database) {
		this.#db = db;
	}

	/** What a run that a trigger begins would go through, as far as is known here; null: it begins none. */
	async beginning(triggerId: string): Promise<Beginning | null> {
		const known = this.#beginnings.get(triggerId);
		if (known) return known;
		const [row] = await answered(
			this.#db<{ found: Beginning | null }[]>`select private.flow_of_trigger(${triggerId}) as found`
		);
		if (!row?.found) return null;
		if (this.#beginnings.size >= REMEMBERED) this.#beginnings.clear();
		this.#beginnings.set(triggerId, row.found);
		return row.found;
	}

	/** Another version was published meanwhile, or may have been. */
	forget(triggerId: string): void {
		this.#beginnings.delete(triggerId);
	}

	/** What a run may come through, by its pins; null where one of its versions can't be read by this worker. */
	async of(root: string, pins: Record<string, string>): Promise<Program | null> {
		const missing = Object.values(pins).filter((id) => !this.#known.has(id));
		if (missing.length > 0) await this.#load(missing);
		const flows = new Map<string, Compiled>();
		for (const [flow, version] of Object.entries(pins)) {
			const compiled = this.#known.get(version);
			if (!compiled) return null;
			flows.set(flow, compiled);
		}
		return { root, flows };
	}

	async #load(ids: string[]): Promise<void> {
		const [row] = await answered(
			this.#db<{ found: Record<string, unknown> }[]>`select private.flow_definitions(${ids}::uuid[]) as found`
		);
		for (const id of ids) {
			const { flow } = parseFlow(row?.found[id]);
			if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value ?? '');
			this.#known.set(id, flow && compile(flow));
		}
	}
}
