import { cpus, release, totalmem } from 'node:os';
import { benchAi } from './ai.ts';
import { benchBusy } from './busy.ts';
import { benchCanvas } from './canvas.ts';
import { benchDoor } from './door.ts';
import { benchDoorKinds } from './door_kinds.ts';
import { toJson, toTable, type Figure } from './figure.ts';
import { benchFlowAnswers } from './flow_answers.ts';
import { benchFlowSteps } from './flow_steps.ts';
import { benchInbox } from './inbox.ts';
import { benchRealtime } from './realtime.ts';
import { benchRest } from './rest.ts';
import { benchScreen } from './screen.ts';
import { benchSearch } from './search.ts';
import { benchSend } from './send.ts';
import { startOwnStack } from '../tests/own_stack.ts';

const BENCHES = {
	realtime: benchRealtime,
	rest: benchRest,
	door: benchDoor,
	send: benchSend,
	kinds: benchDoorKinds,
	flows: async () => [benchFlowSteps()],
	bots: benchFlowAnswers,
	inbox: benchInbox,
	search: benchSearch,
	screen: benchScreen,
	busy: benchBusy,
	canvas: benchCanvas,
	ai: benchAi
};

/** Measures everything, or the benches named as arguments, on a stack of its own: JSON lines, then a table. */
async function main(names: string[]): Promise<void> {
	const unknown = names.find((name) => !(name in BENCHES));
	if (unknown) throw new Error(`There is no bench "${unknown}"; there are ${Object.keys(BENCHES).join(', ')}.`);

	const { facts, stop } = await startOwnStack(Number(process.env.BENCH_PORT_OFFSET ?? '5000'));
	const figures: Figure[] = [];
	try {
		for (const [name, bench] of Object.entries(BENCHES)) {
			if (names.length > 0 && !names.includes(name)) continue;
			for (const figure of await bench(facts)) {
				console.log(toJson(figure));
				figures.push(figure);
			}
		}
	} finally {
		await stop();
	}
	const memory = Math.round(totalmem() / 2 ** 30);
	console.log(
		`\n${cpus().length} cores (${cpus()[0]?.model.trim()}), ${memory} GB, Linux ${release()}, Node ${process.version}\n`
	);
	console.log(toTable(figures));
}

await main(process.argv.slice(2));
