export { startWhatsAppSimulator, type WhatsAppSimulator } from './src/simulator.ts';
export { optionsFromEnv, type SimulatorOptions } from './src/options.ts';
export { ShiftedClock, type Clock } from './src/clock.ts';
