/** The large figures of a board, each with its target and how it stands, as the server has judged it. */

import { useTranslation } from 'react-i18next';
import type { Board, BoardFigure } from '../../api/boards.ts';
import type { BoardView } from '../../api/types.ts';
import { useLocalized } from '../../i18n/words.ts';
import { useClock } from '../../time/clock.ts';
import { clockDuration } from '../../time/format.ts';
import { figureColumns, figureText, type Standing, standingOf, targetText } from './boardFigures.ts';
import { StandingMark } from './StandingMark.tsx';
import { trunksText } from './trunks.ts';

interface Props {
  board: Board;
  view: BoardView;
  figures: readonly BoardFigure[];
}

export function KeyFigures({ board, view, figures }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const shown = (board.figures ?? []).flatMap((rule) => {
    const figure = figures.find(({ id }) => id === rule.figure);
    return figure === undefined ? [] : [figure];
  });
  const rows = shown.length > 6 ? 'many' : 'few';
  return (
    <div
      className="wb-figures"
      data-rows={rows}
      style={{ gridTemplateColumns: `repeat(${figureColumns(shown.length)}, minmax(0, 1fr))` }}
    >
      {shown.map((figure) => {
        const value = view.figures[figure.id];
        const shared = {
          id: figure.id,
          label: localized(figure.name, figure.id),
          help: localized(figure.formulas, figure.formula),
          target: targetText(view.targets[figure.id], figure.unit, figure.better),
          standing: standingOf(view, figure.id),
          beside: figure.id === 'lines' ? trunksText(view.trunks ?? [], t('wallboard.otherLines')) : '',
        };
        return figure.id === 'longest_wait' ? (
          <LongestWait key={figure.id} since={view.longest_wait_since} {...shared} />
        ) : (
          <KeyFigure key={figure.id} value={figureText(value, figure.unit)} {...shared} />
        );
      })}
    </div>
  );
}

interface FigureProps {
  id: string;
  label: string;
  help: string;
  value: string;
  target: string | null;
  standing: Standing;
  /** Small below the figure. */
  beside: string;
}

/** Alone in reading the clock: the other figures change only with the feed. */
function LongestWait({ since, ...figure }: Omit<FigureProps, 'value'> & { since: number | null }) {
  const waited = useClock((clock) => (since === null ? null : Math.max(0, Math.floor(clock.now - since))));
  return <KeyFigure value={waited === null ? '–' : clockDuration(waited)} {...figure} />;
}

function KeyFigure({ id, label, help, value, target, standing, beside }: FigureProps) {
  const { t } = useTranslation();
  return (
    <section className="wb-figure panel" data-standing={standing} title={help}>
      <h2>{label}</h2>
      <p className="wb-figure__value" data-testid={`wb-${id}`}>
        {value}
      </p>
      <p className="wb-figure__foot">
        {target === null ? (
          <span className="wb-figure__beside">{beside || '\u00a0'}</span>
        ) : (
          <>
            <StandingMark standing={standing} />
            <span className="wb-figure__beside">
              {beside} {t('wallboard.target', { value: target })}
            </span>
          </>
        )}
      </p>
    </section>
  );
}
