/** Loaded before a program, it makes the wall clock a year ahead one time and a year behind the next. */
const YEAR_MS = 31_536_000_000;
const right = Date.now;
let calls = 0;
Date.now = () => right() + (calls++ % 2 === 0 ? YEAR_MS : -YEAR_MS);
