// @vitest-environment jsdom

import { act, render } from '@testing-library/react';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { expect, test } from 'vitest';
import { useAddress, withParameter } from './useAddress.ts';

test('of two changes made before the page is drawn anew both stand in the address', async () => {
  let change: ReturnType<typeof useAddress>[1] = () => undefined;
  const Page = () => {
    change = useAddress()[1];
    return null;
  };
  window.history.replaceState(null, '', '/?page=2');
  render(<RouterProvider router={createBrowserRouter([{ path: '/', element: <Page /> }])} />);
  const beforeBoth = change;

  await act(async () => {
    beforeBoth(withParameter('note', '漏水'));
    await Promise.resolve();
    beforeBoth(withParameter('page', ''));
  });

  expect(new URLSearchParams(window.location.search).toString()).toBe(new URLSearchParams({ note: '漏水' }).toString());
});
