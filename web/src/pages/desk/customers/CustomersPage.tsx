/** Customers: found while somebody types; beside the list one customer with everything that happened. */

import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useState } from 'react';
import { useCustomers } from '../../../api/deskQueries.ts';
import { maySupervise, useSession } from '../../../api/session.ts';
import { useCodeWord } from '../../../i18n/words.ts';
import { DownloadOutlined, PlusOutlined, UploadOutlined } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { Chosen, SearchBox } from '../form.tsx';
import { CustomerCard } from './CustomerCard.tsx';
import { CustomerDialog } from './CustomerDialog.tsx';
import { useRested } from './CustomerPicker.tsx';
import { ImportDialog } from './ImportDialog.tsx';

export const ALARMING_TAGS = new Set(['blacklist', 'complaint', 'arrears']);

export function CustomersPage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const { user } = useSession();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const words = search.get('query') ?? '';
  const found = useCustomers(useRested(words));
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const address = (customer: number): string => `/desk/customers/${customer}${words ? `?${search.toString()}` : ''}`;
  return (
    <div className="desk-columns desk-columns--wide-side">
      <section className="panel desk-list" aria-label={t('desk.nav.customers')}>
        <div className="desk-bar">
          <SearchBox
            autoFocus={id === undefined}
            label={t('desk.customers.search')}
            value={words}
            testId="customer-search"
            onChange={(value) => setSearch(value === '' ? {} : { query: value }, { replace: true })}
          />
          <button
            type="button"
            className="button button--primary"
            data-testid="new-customer"
            onClick={() => setAdding(true)}
          >
            <PlusOutlined /> {t('desk.customers.new')}
          </button>
          {maySupervise(user.role) && (
            <>
              <button
                type="button"
                className="button"
                data-testid="import-customers"
                onClick={() => setImporting(true)}
              >
                <UploadOutlined /> {t('desk.customers.import')}
              </button>
              <a className="button" href="/api/customers/export" download>
                <DownloadOutlined /> {t('desk.customers.export')}
              </a>
            </>
          )}
        </div>
        <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.nav.customers')}>
          {words.trim() === '' && <EmptyState text={t('desk.customers.hint')} />}
          {words.trim() !== '' && found.isPending && <LoadingState />}
          {found.error && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
          {words.trim() !== '' && found.data?.length === 0 && <EmptyState text={t('desk.customers.none')} />}
          {words.trim() !== '' && (
            <ul className={found.isPlaceholderData ? 'desk-cards stale' : 'desk-cards'}>
              {found.data?.map((customer) => (
                <li
                  key={customer.id}
                  className="desk-card"
                  aria-current={String(customer.id) === id ? 'true' : undefined}
                >
                  <Link className="desk-card__what" to={address(customer.id)} data-testid={`customer-${customer.id}`}>
                    <span className="desk-card__line">
                      <strong>{customer.name}</strong>
                      <span className="quiet">{customer.customer_number}</span>
                      <Tags tags={customer.tags} />
                    </span>
                    <small className="quiet">
                      {[customer.numbers.join(' '), customer.address].filter(Boolean).join(' · ')}
                    </small>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
      </section>
      <Chosen label={t('desk.detail.customerOpen')} none={t('desk.customers.choose')}>
        {id !== undefined && <CustomerCard key={id} id={Number(id)} />}
      </Chosen>
      {adding && (
        <CustomerDialog
          customer={null}
          onClose={() => setAdding(false)}
          onSaved={(customer) => void navigate(address(customer.id))}
        />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}

export function Tags({ tags }: { tags: string[] }) {
  const codeWord = useCodeWord();
  return tags.map((tag) => (
    <span key={tag} className="desk-mark" data-tone={ALARMING_TAGS.has(tag) ? 'danger' : 'wrap_up'}>
      {codeWord('tag', tag)}
    </span>
  ));
}
