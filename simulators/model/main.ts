import { runSimulator } from '../http/run.ts';
import { startModelSimulator } from './src/simulator.ts';

/** Runs the simulator by itself: `node simulators/model/main.ts`. */
await runSimulator('The model simulator', 54_331, (at) =>
	startModelSimulator({ ...at, ...(process.env['MODEL_KEY'] && { key: process.env['MODEL_KEY'] }) })
);
