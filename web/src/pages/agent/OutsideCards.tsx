/** What outside systems (billing, …) know of the caller. It comes after the pop, and says so where it does not come. */

import { useTranslation } from 'react-i18next';
import type { OutsideCard, OutsideRow } from '../../api/types.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';

export function OutsideCards({ cards }: { cards: readonly OutsideCard[] }) {
  const { t } = useTranslation();
  if (cards.length === 0) return null;
  return (
    <section className="outside" aria-label={t('pop.outside')} aria-live="polite">
      {cards.map((card) => (
        <Card key={`${card.source}:${JSON.stringify(card.title)}`} card={card} />
      ))}
    </section>
  );
}

function Card({ card }: { card: OutsideCard }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const codeWord = useCodeWord();
  return (
    <div className="outside__card panel" data-testid="pop-outside" data-source={card.source} data-state={card.state}>
      <h2>{localized(card.title, card.source)}</h2>
      {card.state === 'looking' && <p className="quiet">{t('pop.outsideLooking')}</p>}
      {card.state === 'not_found' && <p className="quiet">{t('pop.outsideNotFound')}</p>}
      {card.state === 'failed' && (
        <p className="outside__failed">
          {t('pop.outsideFailed', { reason: codeWord('lookupReason', card.reason ?? '') })}
        </p>
      )}
      {card.state === 'ok' && (
        <dl className="customer__facts">
          {card.rows?.map((row) => (
            <Row key={JSON.stringify(row.label)} row={row} />
          ))}
        </dl>
      )}
    </div>
  );
}

function Row({ row }: { row: OutsideRow }) {
  const { i18n } = useTranslation();
  const localized = useLocalized();
  return (
    <div data-alert={row.alert || undefined}>
      <dt>{localized(row.label)}</dt>
      <dd>{shown(row, i18n.language)}</dd>
    </div>
  );
}

/** Money as ¥1,234.50; what has no such form stands as it came. */
export function shown({ value, form }: Pick<OutsideRow, 'value' | 'form'>, language: string): string {
  if (form !== 'money' || value.trim() === '' || !Number.isFinite(Number(value))) return value;
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'CNY' }).format(Number(value));
}
