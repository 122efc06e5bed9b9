export { startModelSimulator, type ModelSimulator, type ModelOptions } from './src/simulator.ts';
export { MODEL_KEY } from './src/access.ts';
