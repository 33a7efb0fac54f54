/** Figures that have missed their target for some time. Who supervises says here that it is being taken care of. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type BoardFigure, boards } from '../../api/boards.ts';
import type { AlertView } from '../../api/types.ts';
import { useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { timeOfDay } from '../../time/format.ts';
import { WarningOutlined } from '../../ui/icons.ts';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { figureText, targetText } from './boardFigures.ts';

interface Props {
  /** Null: of all boards. */
  board: string | null;
  figures: readonly BoardFigure[];
  mayAcknowledge: boolean;
}

export function Alerts({ board, figures, mayAcknowledge }: Props) {
  const { t } = useTranslation();
  const all = useFeed((state) => state.alerts);
  const alerts = Object.values(all).filter((alert) => board === null || alert.board === board);
  if (alerts.length === 0) return null;
  return (
    <section className="wb-alerts" aria-labelledby="wb-alerts-title" role="status">
      <h2 className="visually-hidden" id="wb-alerts-title">
        {t('wallboard.alerts')}
      </h2>
      <ul>
        {alerts.map((alert) => (
          <AlertLine
            key={alert.id}
            alert={alert}
            figure={figures.find(({ id }) => id === alert.figure)}
            mayAcknowledge={mayAcknowledge}
          />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  alert: AlertView;
  figure: BoardFigure | undefined;
  mayAcknowledge: boolean;
}

function AlertLine({ alert, figure, mayAcknowledge }: LineProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const problemText = useProblemText();
  const [pending, setPending] = useState(false);
  const acknowledge = async (): Promise<void> => {
    setPending(true);
    try {
      await boards.acknowledge(alert.id, '');
    } catch (error) {
      showToast('error', problemText(error));
    }
    setPending(false);
  };
  const unit = figure?.unit ?? 'count';
  const seen = typeof alert.acknowledged_at === 'number';
  return (
    <li data-seen={seen} data-testid={`alert-${alert.figure}`}>
      <WarningOutlined /> <b>{localized(figure?.name, alert.figure)}</b>{' '}
      {t('wallboard.alertSince', {
        value: figureText(alert.value, unit),
        target: targetText(alert.target, unit, figure?.better ?? '') ?? '–',
        at: timeOfDay(alert.raised_at).slice(0, 5),
      })}
      {seen ? (
        <span className="wb-alerts__seen">{t('wallboard.seenBy', { name: alert.acknowledged_by })}</span>
      ) : (
        mayAcknowledge && (
          <button
            type="button"
            className="wb-tool"
            disabled={pending}
            data-testid={`acknowledge-${alert.figure}`}
            onClick={() => void acknowledge()}
          >
            {t('wallboard.acknowledge')}
          </button>
        )
      )}
    </li>
  );
}
