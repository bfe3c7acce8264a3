import { connect } from 'node:net';

/** Whether somebody listens on a port. */
export function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });
}
