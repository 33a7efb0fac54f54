/** The pages of the desk behind one place of the rail: a row of tabs, and the page below. */

import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { NewOrderPage } from './orders/NewOrderPage.tsx';
import { OrderPage } from './orders/OrderPage.tsx';
import { OrdersPage } from './orders/OrdersPage.tsx';
import './desk.css';

export default function Desk() {
  const { t } = useTranslation();
  const tabs = [{ to: 'orders', name: t('desk.nav.orders'), shown: true }];
  return (
    <div className="desk-page">
      <nav className="desk-tabs" aria-label={t('desk.nav.label')}>
        {tabs.map(
          ({ to, name, shown }) =>
            shown && (
              <NavLink key={to} to={`/desk/${to}`} className="desk-tab" data-testid={`tab-${to}`}>
                {name}
              </NavLink>
            ),
        )}
      </nav>
      <div className="desk-page__body">
        <Routes>
          <Route path="orders" element={<OrdersPage />} />
          <Route path="orders/new" element={<NewOrderPage />} />
          <Route path="orders/:id" element={<OrderPage />} />
          <Route path="*" element={<Navigate replace to="/desk/orders" />} />
        </Routes>
      </div>
    </div>
  );
}
