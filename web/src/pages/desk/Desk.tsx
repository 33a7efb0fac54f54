/** The pages of the desk behind one place of the rail: a row of tabs, and the page below. */

import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { useNotices } from '../../api/deskQueries.ts';
import { inCentre, mayDispatch, useSession, worksInField } from '../../api/session.ts';
import { BoardPage } from './board/BoardPage.tsx';
import { BulletinsPage } from './bulletins/BulletinsPage.tsx';
import { CustomersPage } from './customers/CustomersPage.tsx';
import { DirectoryPage } from './directory/DirectoryPage.tsx';
import { FollowUpPage } from './follow/FollowUpPage.tsx';
import { InspectionPage } from './inspection/InspectionPage.tsx';
import { KnowledgePage } from './knowledge/KnowledgePage.tsx';
import { MessagesPage } from './messages/MessagesPage.tsx';
import { NewOrderPage } from './orders/NewOrderPage.tsx';
import { OrderPage } from './orders/OrderPage.tsx';
import { OrdersPage } from './orders/OrdersPage.tsx';
import './desk.css';

export default function Desk() {
  const { t } = useTranslation();
  const { user } = useSession();
  const unread = useNotices(true).data?.length ?? 0;
  const dispatches = mayDispatch(user.role);
  const centre = inCentre(user.role);
  const office = !worksInField(user.role);
  const tabs = [
    { to: 'orders', name: t('desk.nav.orders'), shown: true, element: <OrdersPage /> },
    { to: 'board', name: t('desk.nav.board'), shown: dispatches, element: <BoardPage /> },
    { to: 'follow-up/:id?', name: t('desk.nav.followUp'), shown: office, element: <FollowUpPage /> },
    { to: 'customers/:id?', name: t('desk.nav.customers'), shown: office, element: <CustomersPage /> },
    { to: 'knowledge/:id?', name: t('desk.nav.knowledge'), shown: true, element: <KnowledgePage /> },
    { to: 'bulletins', name: t('desk.nav.bulletins'), shown: true, element: <BulletinsPage /> },
    { to: 'directory', name: t('desk.nav.directory'), shown: true, element: <DirectoryPage /> },
    { to: 'messages', name: t('desk.nav.messages'), shown: true, element: <MessagesPage />, count: unread },
    { to: 'inspection/:id?', name: t('desk.nav.inspection'), shown: centre, element: <InspectionPage /> },
  ].filter(({ shown }) => shown);
  return (
    <div className="desk-page">
      <nav className="desk-tabs" aria-label={t('desk.nav.label')}>
        {tabs.map(({ to, name, count = 0 }) => {
          const path = to.replace('/:id?', '');
          return (
            <NavLink key={path} to={`/desk/${path}`} className="desk-tab" data-testid={`tab-${path}`}>
              {name}
              {count > 0 && <span className="desk-count">{count > 99 ? '99+' : count}</span>}
            </NavLink>
          );
        })}
      </nav>
      <div className="desk-page__body">
        <Routes>
          {tabs.map(({ to, element }) => (
            <Route key={to} path={to} element={element} />
          ))}
          <Route path="orders/new" element={<NewOrderPage />} />
          <Route path="orders/:id" element={<OrderPage />} />
          <Route path="*" element={<Navigate replace to="/desk/orders" />} />
        </Routes>
      </div>
    </div>
  );
}
