/** What stands behind the "?" of a page's address, where filters live. */

import { useSearchParams } from 'react-router';

type Change = (now: URLSearchParams) => URLSearchParams;

/**
 * The parameters that are shown, and a way to change them. The change begins from those in the address at that moment:
 * a page that is still being drawn for the change before must not take that one back.
 */
export function useAddress(): [URLSearchParams, (change: Change) => void] {
  const [shown, replace] = useSearchParams();
  return [shown, (change) => replace(change(new URLSearchParams(window.location.search)), { replace: true })];
}

/** A change of one parameter; an empty value takes it out. */
export function withParameter(name: string, value: string): Change {
  return (now) => {
    if (value === '') now.delete(name);
    else now.set(name, value);
    return now;
  };
}
