/** How many files of tests that start processes run at once: one works while another waits. */
export const AT_ONCE = 2;

/** The same for those with brokers: they wait longer, until brokers and schedulers have noticed one another's faults. */
export const AT_ONCE_ON_KAFKA = 3;
