/** What is asked: the span, its intervals, the groups, the other span, and how things are counted. */

import { DatePicker } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { serverNow } from '../../time/clock.ts';
import { forPicker, meantInCentre } from '../../time/zone.ts';
import { type Asked, COMPARISONS, type Comparison, type Interval, INTERVALS, spanOf, SPANS } from './asked.ts';
import { AmongFields, Choice } from './Fields.tsx';

type Schemas = components['schemas'];

interface Props {
  asked: Asked;
  kind: Schemas['ReportKind'];
  catalogue: Schemas['ReportCatalogue'];
  onChange: (part: Partial<Asked>) => void;
}

const QUARTER_S = 900;
const SAME = ['caller', 'customer', 'address', 'category'] as const;

export function Controls({ asked, kind, catalogue, onChange }: Props) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(asked.formula !== '' || asked.booking !== '');
  const quarter = (picked: Dayjs): number => Math.floor(meantInCentre(picked).unix() / QUARTER_S) * QUARTER_S;
  const usual = (value: string) => ({ value: '', label: `${t('reports.usual')} (${value})` });

  return (
    <div className="reports__controls" role="search">
      <div className="reports__spans">
        {SPANS.map((span) => {
          const [from, to] = spanOf(span, serverNow());
          return (
            <button
              key={span}
              type="button"
              className="button button--small"
              aria-pressed={asked.from === from && asked.to === to}
              onClick={() => onChange({ from, to })}
            >
              {t(`reports.spans.${span}`)}
            </button>
          );
        })}
        <DatePicker.RangePicker
          aria-label={t('records.range')}
          showTime={{ format: 'HH:mm', minuteStep: 15 }}
          format="YYYY-MM-DD HH:mm"
          allowClear={false}
          value={[forPicker(asked.from), forPicker(asked.to)]}
          onChange={(range) => {
            const [from, to] = [range?.[0], range?.[1]];
            if (from && to && quarter(to) > quarter(from)) onChange({ from: quarter(from), to: quarter(to) });
          }}
        />
      </div>
      <Choice<Interval>
        label={t('reports.interval')}
        value={asked.interval}
        options={INTERVALS.map((value) => ({ value, label: t(`reports.intervals.${value}`) }))}
        onChange={(interval) => onChange({ interval })}
      />
      <Choice
        label={t('reports.group')}
        value={asked.by === '' ? (kind.by[0] ?? '') : asked.by}
        options={kind.by.map((value) => ({ value, label: t(`reports.by.${value}` as never) }))}
        onChange={(by) => onChange({ by })}
      />
      <Choice<Comparison>
        label={t('reports.compare')}
        value={asked.compare}
        options={COMPARISONS.map((value) => ({ value, label: t(`reports.comparisons.${value}`) }))}
        onChange={(compare) => onChange({ compare })}
      />
      <AmongFields among={asked} onChange={onChange} />
      {kind.id === 'repeats' && (
        <>
          <Choice
            label={t('reports.same')}
            value={asked.same || 'caller'}
            options={SAME.map((value) => ({ value, label: t(`reports.sames.${value}`) }))}
            onChange={(same) => onChange({ same })}
          />
          <Choice
            label={t('reports.within')}
            value={String(asked.days)}
            options={[1, 3, 7, 14, 30].map((days) => ({
              value: String(days),
              label: t('reports.days', { count: days }),
            }))}
            onChange={(days) => onChange({ days: Number(days) })}
          />
        </>
      )}
      <button
        type="button"
        className="button button--small reports__unfold"
        aria-expanded={unfolded}
        onClick={() => setUnfolded(!unfolded)}
      >
        {t('reports.counting')}
      </button>
      {unfolded && (
        <>
          <Choice
            label={t('reports.formula')}
            value={asked.formula}
            options={[
              usual(catalogue.formula),
              ...catalogue.formulas.map(({ id, formula }) => ({ value: id, label: `${id} = ${formula}` })),
            ]}
            onChange={(formula) => onChange({ formula })}
          />
          <Choice
            label={t('reports.booking')}
            value={asked.booking}
            options={[
              usual(t(`reports.bookings.${catalogue.booking}`)),
              ...catalogue.bookings.map((value) => ({ value, label: t(`reports.bookings.${value}`) })),
            ]}
            onChange={(booking) => onChange({ booking })}
          />
        </>
      )}
    </div>
  );
}
