/** Shells that are completed in. Their scripts are in a file of their own: no command but one needs them. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
