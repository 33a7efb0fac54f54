import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { asProblem } from './api/problem.ts';
import { SESSION_KEY } from './api/session.ts';
import { App } from './app/App.tsx';
import { usePreferences } from './app/preferences.ts';
import { startTexts } from './i18n/index.ts';
import { startClock } from './time/clock.ts';
import './styles/tokens.css';
import './styles/base.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && asProblem(error).status >= 500,
    },
  },
});

// Any answer that says "not signed in" ends the session on the page too; drafts are in localStorage by then.
queries.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const [kind] = event.query.queryKey as readonly unknown[];
  if (kind !== SESSION_KEY[0] && asProblem(event.action.error).status === 401) {
    void queries.invalidateQueries({ queryKey: SESSION_KEY });
  }
});

function followTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset.theme = usePreferences.getState().theme;
  };
  apply();
  usePreferences.subscribe(apply);
}

async function start(): Promise<void> {
  followTheme();
  startClock();
  await startTexts();
  const root = document.querySelector('#root');
  if (root === null) throw new Error('index.html has no #root');
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
  );
}

void start();
