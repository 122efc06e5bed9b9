import { runSimulator } from '../http/run.ts';
import { startSgpSimulator } from './src/simulator.ts';

/** Runs the simulator by itself: `node simulators/sgp/main.ts`. */
await runSimulator('The SGP simulator', 54_332, startSgpSimulator);
