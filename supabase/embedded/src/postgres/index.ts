export { startPostgres, type Postgres, type PostgresOptions } from './start.ts';
export { explainFolder } from './cluster.ts';
export { scaffold } from './scaffold.ts';
export { assertPortFree, freePort, portHolder } from './port.ts';
