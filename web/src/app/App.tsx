/** Which page stands at which address, and who may see it. */

import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { createBrowserRouter, Navigate, Outlet } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import {
  mayDispatch,
  maySupervise,
  SessionContext,
  useSession,
  useSessionQuery,
  worksInField,
} from '../api/session.ts';
import { useDeskNews } from '../api/deskQueries.ts';
import { Crashed } from '../ui/ErrorBoundary.tsx';
import { EmptyState, ErrorState, LoadingState } from '../ui/ListState.tsx';
import { Toasts } from '../ui/Toasts.tsx';
import { SignIn } from '../pages/sign_in/SignIn.tsx';
import { Shell } from './Shell.tsx';
import { useFeedConnection } from './useFeedConnection.ts';

const AgentPage = lazy(() => import('../pages/agent/AgentPage.tsx'));
const Wallboard = lazy(() => import('../pages/wallboard/Wallboard.tsx'));
const WallScreen = lazy(() => import('../pages/wallboard/WallScreen.tsx'));
const Supervisor = lazy(() => import('../pages/supervisor/Supervisor.tsx'));
const Admin = lazy(() => import('../pages/admin/Admin.tsx'));
const FlowsPage = lazy(() => import('../pages/flows/FlowsPage.tsx'));
const Desk = lazy(() => import('../pages/desk/Desk.tsx'));
const FieldPage = lazy(() => import('../pages/desk/field/FieldPage.tsx'));
const ReportsPage = lazy(() => import('../pages/reports/ReportsPage.tsx'));
const Callers = lazy(() => import('../pages/callers/Callers.tsx'));
const Records = lazy(() => import('../pages/records/Records.tsx'));

function SignedIn() {
  const { data: session, isPending, error, refetch } = useSessionQuery();
  if (session === null) return <SignIn />;
  if (session === undefined) {
    return isPending ? <LoadingState /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <SessionContext value={session}>
      <WithFeed />
    </SessionContext>
  );
}

function WithFeed() {
  useFeedConnection(useSession().user.id);
  useDeskNews();
  return <Outlet />;
}

function Home() {
  const { user, agent } = useSession();
  if (worksInField(user.role)) return <Navigate replace to="/field" />;
  if (agent) return <Navigate replace to="/agent" />;
  if (maySupervise(user.role)) return <Navigate replace to="/supervisor" />;
  return <Navigate replace to={mayDispatch(user.role) ? '/desk/board' : '/wallboard'} />;
}

function ForSupervision({ children }: { children: ReactNode }) {
  return maySupervise(useSession().user.role) ? children : <Navigate replace to="/" />;
}

function NotFound() {
  const { t } = useTranslation();
  return <EmptyState text={t('common.notFound')} />;
}

const router = createBrowserRouter([
  {
    path: 'board',
    errorElement: <Crashed />,
    element: (
      <Suspense fallback={<LoadingState />}>
        <WallScreen />
      </Suspense>
    ),
  },
  {
    element: <SignedIn />,
    errorElement: <Crashed />,
    children: [
      { index: true, element: <Home /> },
      {
        path: 'wallboard/:board?',
        element: (
          <Suspense fallback={<LoadingState />}>
            <Wallboard />
          </Suspense>
        ),
      },
      {
        path: 'field/:id?',
        element: (
          <Suspense fallback={<LoadingState />}>
            <FieldPage />
          </Suspense>
        ),
      },
      {
        element: <Shell />,
        children: [
          { path: 'agent', element: <AgentPage /> },
          {
            path: 'supervisor',
            element: (
              <ForSupervision>
                <Supervisor />
              </ForSupervision>
            ),
          },
          {
            path: 'admin/:section?/:key?',
            element: (
              <ForSupervision>
                <Admin />
              </ForSupervision>
            ),
          },
          { path: 'records/:callId?', element: <Records /> },
          {
            path: 'reports',
            element: (
              <ForSupervision>
                <ReportsPage />
              </ForSupervision>
            ),
          },
          { path: 'callers/:list?', element: <Callers /> },
          { path: 'desk/*', element: <Desk /> },
          {
            path: 'flows/:name?',
            element: (
              <ForSupervision>
                <FlowsPage />
              </ForSupervision>
            ),
          },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
]);

export function App() {
  return (
    <>
      <RouterProvider router={router} />
      <Toasts />
    </>
  );
}
