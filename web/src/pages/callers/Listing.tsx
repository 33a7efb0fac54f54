/** A table that the server pages, with its loading, empty and failed states. */

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';

interface Page<Row> {
  items: Row[];
  total: number;
  page: number;
  page_size: number;
}

interface Props<Row> {
  label: string;
  query: UseQueryResult<Page<Row>>;
  columns: string[];
  row: (row: Row) => ReactNode;
  onPage: (page: number) => void;
}

export function Listing<Row>({ label, query, columns, row, onPage }: Props<Row>) {
  const { t } = useTranslation();
  const { data, error, isPending, isPlaceholderData, refetch } = query;
  const pages = data ? Math.max(1, Math.ceil(data.total / data.page_size)) : 1;
  return (
    <>
      <div className="table-box" tabIndex={0} role="region" aria-label={label}>
        <table className={isPlaceholderData ? 'table stale' : 'table'}>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>{data?.items.map(row)}</tbody>
        </table>
        {isPending && <LoadingState />}
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && <EmptyState text={t('callers.empty')} />}
      </div>
      {data && (
        <footer className="callers__pages">
          <span>{t('records.total', { count: data.total })}</span>
          <PageButton name={t('records.previous')} to={data.page - 1} last={pages} onPage={onPage} />
          <span>{t('records.page', { page: data.page, pages })}</span>
          <PageButton name={t('records.next')} to={data.page + 1} last={pages} onPage={onPage} />
        </footer>
      )}
    </>
  );
}

interface PageButtonProps {
  name: string;
  to: number;
  last: number;
  onPage: (page: number) => void;
}

function PageButton({ name, to, last, onPage }: PageButtonProps) {
  return (
    <button type="button" className="button button--small" disabled={to < 1 || to > last} onClick={() => onPage(to)}>
      {name}
    </button>
  );
}

export function Caller({ number, name }: { number: string; name: string | undefined }) {
  const { t } = useTranslation();
  return (
    <td>
      {number === '' ? t('pop.anonymous') : number}
      {name !== undefined && <small>{name}</small>}
    </td>
  );
}
