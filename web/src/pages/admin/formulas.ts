/** The ways to compute a service level, as contracts name them: docs/reports.md. */
export const FORMULAS = ['SL1', 'SL2', 'SL3', 'SL4', 'SL5', 'SL6', 'SL7', 'SLq'] as const;
