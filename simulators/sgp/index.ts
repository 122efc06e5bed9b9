export { startSgpSimulator, SGP_APP, SGP_TOKEN, type SgpSimulator } from './src/simulator.ts';
