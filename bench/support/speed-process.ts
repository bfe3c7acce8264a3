/** Writes how fast a thread is at this moment, as JSON. */
import { measureSpeed } from './speed.js';

process.stdout.write(`${JSON.stringify(measureSpeed())}\n`);
