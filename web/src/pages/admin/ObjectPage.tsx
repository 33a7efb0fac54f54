/** A list of objects on the left, the chosen one's form on the right; which one stands in the address. */

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { PlusOutlined } from '../../ui/icons.ts';
import { NEW } from './keys.ts';

interface Props<T> {
  section: string;
  title: string;
  query: { data: T[] | undefined; error: unknown; refetch: () => unknown };
  keyOf: (object: T) => string;
  nameOf: (object: T) => string;
  noteOf: (object: T) => string;
  faded?: (object: T) => boolean;
  create: () => T;
  form: (object: T, isNew: boolean, done: (key: string | null) => void) => ReactNode;
}

export function ObjectPage<T>({ section, title, query, keyOf, nameOf, noteOf, faded, create, form }: Props<T>) {
  const { t } = useTranslation();
  const { key } = useParams();
  const navigate = useNavigate();
  const [filter, setFilter] = useState('');
  const { data, error, refetch } = query;
  if (error !== null && data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingState />;
  const wanted = filter.trim().toLowerCase();
  const shown = data.filter((one) => `${nameOf(one)} ${noteOf(one)}`.toLowerCase().includes(wanted));
  const isNew = key === NEW;
  const chosen = isNew ? create() : data.find((one) => keyOf(one) === key);
  const done = (next: string | null): void =>
    void navigate(next === null ? `/admin/${section}` : `/admin/${section}/${next}`);
  return (
    <div className="admin__split">
      <section className="panel admin__list" aria-label={title}>
        <div className="admin__list-head">
          <input
            className="field"
            type="search"
            aria-label={t('common.search')}
            placeholder={t('common.search')}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <Link className="button button--small" to={`/admin/${section}/${NEW}`} data-testid="admin-new">
            <PlusOutlined /> {t('admin.new')}
          </Link>
        </div>
        <ul className="admin__rows">
          {shown.map((one) => (
            <li key={keyOf(one)}>
              <Link
                to={`/admin/${section}/${keyOf(one)}`}
                aria-current={keyOf(one) === key ? 'page' : undefined}
                data-testid={`admin-row-${keyOf(one)}`}
                className={faded?.(one) ? 'admin__row admin__row--faded' : 'admin__row'}
              >
                <strong>{nameOf(one)}</strong>
                <small>{noteOf(one)}</small>
              </Link>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <EmptyState text={t('admin.nothing')} />}
      </section>
      <section className="panel admin__form" aria-label={t('admin.details')}>
        {chosen === undefined ? (
          <EmptyState text={t(key === undefined ? 'admin.choose' : 'admin.gone')} />
        ) : (
          <div key={key}>{form(chosen, isNew, done)}</div>
        )}
      </section>
    </div>
  );
}
