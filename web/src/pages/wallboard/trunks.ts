/** Lines in use by trunk, in one line below their figure. */

import type { TrunkView } from '../../api/types.ts';

/** "trunk 12/30 · mobile 3"; `other` names those of no trunk. */
export const trunksText = (trunks: readonly TrunkView[], other: string): string =>
  trunks
    .map(
      ({ id, in_use, capacity }) =>
        `${id || other} ${String(in_use)}${capacity === null ? '' : `/${String(capacity)}`}`,
    )
    .join(' · ');
