/** How many files of tests that start processes run at once: one works while another waits. */
export const AT_ONCE = 2;

/**
 * The same for those with brokers and for whole programs, which run side by side: those with brokers wait
 * until brokers and schedulers have noticed one another's faults, and leave the cores to the others.
 */
export const AT_ONCE_AND_WAITING = 3;
