/** How each figure is computed, for readers and for print. */

import { useTranslation } from 'react-i18next';
import { useLocalized } from '../../i18n/words.ts';
import type { ReportView } from './figures.ts';

export function Formulas({ view }: { view: ReportView }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  return (
    <details className="formulas">
      <summary>{t('reports.formulas')}</summary>
      <dl>
        {view.columns.map((figure) => (
          <div key={figure.id}>
            <dt>{localized(figure.name, figure.id)}</dt>
            <dd>{localized(figure.formulas, figure.formula)}</dd>
          </div>
        ))}
        <div>
          <dt>{t('reports.formula')}</dt>
          <dd>{view.formula}</dd>
        </div>
        <div>
          <dt>{t('reports.booking')}</dt>
          <dd>{t(`reports.bookings.${view.booking}`)}</dd>
        </div>
      </dl>
    </details>
  );
}
