/** The scores of a follow-up: response, solution and service, 1 to 5 each. */

import { useTranslation } from 'react-i18next';

const SCORED = ['response', 'solution', 'satisfaction'] as const;
export type Scores = Record<(typeof SCORED)[number], number>;
export const NO_SCORES: Scores = { response: 5, solution: 5, satisfaction: 5 };

export function ScoresField({ value, onChange }: { value: Scores; onChange: (scores: Scores) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="desk-scores desk-field--wide">
      <legend className="field-label">{t('desk.follow.scores')}</legend>
      {SCORED.map((name) => (
        <div key={name} className="desk-scores__row" role="radiogroup" aria-label={t(`desk.field.${name}`)}>
          <span>{t(`desk.field.${name}`)}</span>
          {[1, 2, 3, 4, 5].map((score) => (
            <label key={score} className="desk-score" data-testid={`score-${name}-${score}`}>
              <input
                type="radio"
                name={`score-${name}`}
                checked={value[name] === score}
                onChange={() => onChange({ ...value, [name]: score })}
              />
              <span>{score}</span>
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
