/** The report's rows with all figures, its totals, and the row that shows that the counts add up. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalized } from '../../i18n/words.ts';
import { change, type Figure, figureText, type ReportRow, type ReportView } from './figures.ts';
import { formerRow, intervalName, keyName } from './rows.ts';

/** As many rows as a browser draws without a pause; the file has all of them. */
const MOST_ROWS = 500;

interface Order {
  figure: string;
  falling: boolean;
}

export function ReportTable({ view }: { view: ReportView }) {
  const { t, i18n } = useTranslation();
  const localized = useLocalized();
  const [order, setOrder] = useState<Order | null>(null);
  const former = formerRow(view);
  const grouped = view.by !== 'none';
  const byTime = view.interval !== 'total';
  const rows = ordered(view.part.rows, order);

  const sort = (figure: string): void =>
    setOrder(order?.figure !== figure ? { figure, falling: true } : order.falling ? { figure, falling: false } : null);

  return (
    <div className="report">
      <div className="report__box" tabIndex={0} role="region" aria-label={t('reports.table')}>
        <table className="table report__table" data-testid="report-table">
          <thead>
            <tr>
              {byTime && <th scope="col">{t('reports.interval')}</th>}
              {grouped && <th scope="col">{t(`reports.by.${view.by}` as never)}</th>}
              {view.columns.map((figure) => (
                <th
                  key={figure.id}
                  scope="col"
                  className="table__number"
                  aria-sort={order?.figure !== figure.id ? undefined : order.falling ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    title={localized(figure.formulas, figure.formula)}
                    onClick={() => sort(figure.id)}
                  >
                    {localized(figure.name, figure.id)}
                    {order?.figure === figure.id && (order.falling ? ' ↓' : ' ↑')}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map((row) => (
              <tr key={`${row.start}:${row.key}`}>
                {byTime && <th scope="row">{intervalName(row.start, view.interval)}</th>}
                {grouped && <th scope="row">{keyName(view, row.key, i18n.language)}</th>}
                <Values columns={view.columns} row={row} former={former(row)} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={Number(byTime) + Number(grouped)} hidden={!byTime && !grouped}>
                {t('reports.all')}
              </th>
              <Values columns={view.columns} row={view.part.totals} former={view.compared?.totals} />
            </tr>
          </tfoot>
        </table>
      </div>
      {rows.length > MOST_ROWS && (
        <p className="quiet">{t('reports.moreRows', { shown: MOST_ROWS, count: rows.length })}</p>
      )}
      {view.part.reconciliation && <Balance found={view.part.reconciliation} />}
    </div>
  );
}

function ordered(rows: ReportRow[], order: Order | null): ReportRow[] {
  if (order === null) return rows;
  const weight = (row: ReportRow): number => row.values[order.figure] ?? -Infinity;
  return rows.toSorted((a, b) => (order.falling ? weight(b) - weight(a) : weight(a) - weight(b)));
}

interface ValuesProps {
  columns: Figure[];
  row: ReportRow;
  former: ReportRow | undefined;
}

function Values({ columns, row, former }: ValuesProps) {
  return columns.map(({ id, unit }) => {
    const changed = former && change(unit, row.values[id], former.values[id]);
    return (
      <td key={id} className="table__number">
        {figureText(unit, row.values[id])}
        {changed && <small>{changed}</small>}
      </td>
    );
  });
}

function Balance({ found }: { found: NonNullable<ReportView['part']['reconciliation']> }) {
  const { t } = useTranslation();
  return (
    <p className="report__balance" data-tone={found.difference === 0 ? 'ready' : 'danger'}>
      {t('reports.balance', { ...found })} {t(found.difference === 0 ? 'reports.balanced' : 'reports.unbalanced')}
    </p>
  );
}
