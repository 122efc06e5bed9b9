/*
 * Loaded into every child process before its own code (`node --import`). The parent holds the other end of an IPC
 * channel; when the parent is gone, even by kill -9, the channel closes and the child leaves too.
 */
const PATIENCE_MS = 5_000;

process.once('disconnect', () => {
	setTimeout(() => process.exit(1), PATIENCE_MS).unref();
	process.kill(process.pid, 'SIGTERM');
});

// The channel must not keep a process alive that has finished its own shutdown.
process.channel?.unref();
