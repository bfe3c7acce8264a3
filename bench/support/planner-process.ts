/** Decides among so many runnable jobs, for so long after so long, and writes how long a decision took, in microseconds. */
import '../../src/main/inlining.js';
import { PlannerScene, usOf } from './planner-scene.js';

const [runnable, seconds, warmUpSeconds] = process.argv.slice(2).map(Number);
const scene = new PlannerScene(runnable!);
scene.run(warmUpSeconds!);
process.stdout.write(`${usOf(scene.run(seconds!))}\n`);
