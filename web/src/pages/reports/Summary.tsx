/** All of the span together: each figure with its formula, and what became of it since the other span. */

import { useTranslation } from 'react-i18next';
import { useLocalized } from '../../i18n/words.ts';
import { change, figureText, type ReportView } from './figures.ts';

interface Props {
  view: ReportView;
  chosen: string;
  onChoose: (figure: string) => void;
}

export function Summary({ view, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  return (
    <ul className="summary" aria-label={t('reports.totals')}>
      {view.columns.map((figure) => {
        const value = view.part.totals.values[figure.id];
        const former = view.compared?.totals.values[figure.id];
        return (
          <li key={figure.id}>
            <button
              type="button"
              className="summary__figure"
              aria-pressed={figure.id === chosen}
              title={localized(figure.formulas, figure.formula)}
              data-testid={`total-${figure.id}`}
              onClick={() => onChoose(figure.id)}
            >
              <span className="summary__name">{localized(figure.name, figure.id)}</span>
              <strong>{figureText(figure.unit, value)}</strong>
              {view.compared && (
                <span className="summary__former">
                  {figureText(figure.unit, former)} {change(figure.unit, value, former)}
                </span>
              )}
              <small>{localized(figure.formulas, figure.formula)}</small>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
