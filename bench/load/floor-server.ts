/**
 * The least that a durable answer takes on a machine: a bare HTTP server that appends a line to a file, forces it to the
 * disk and answers. What a fabric takes is to be seen beside it.
 */
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const file = fs.openSync(process.argv[2]!, 'w');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    fs.writeSync(file, Buffer.concat(chunks));
    fs.fdatasync(file, (error) => response.writeHead(error === null ? 200 : 500).end('{}'));
  });
});

server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
