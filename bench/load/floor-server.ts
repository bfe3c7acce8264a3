/**
 * The least that a durable answer takes on a machine: a bare HTTP server that appends a line to a file, forces it to the
 * disk and answers. What a fabric takes is to be seen beside it.
 */
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const { O_CREAT, O_TRUNC, O_WRONLY, O_DSYNC } = fs.constants;
// Forced to the disk by the write itself, as the fabric's journal is: a sync of its own takes another way to the disk.
const file = fs.openSync(process.argv[2]!, O_CREAT | O_TRUNC | O_WRONLY | O_DSYNC, 0o600);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const line = Buffer.concat(chunks);
    fs.write(file, line, 0, line.length, null, (error, written) => {
      response.writeHead(error === null && written === line.length ? 200 : 500).end('{}');
    });
  });
});

server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
