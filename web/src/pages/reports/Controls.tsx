/** What is asked: the span, its intervals, the groups, the other span, and how things are counted. */

import { DatePicker } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { serverNow } from '../../time/clock.ts';
import { forPicker, meantInCentre } from '../../time/zone.ts';
import { type Asked, COMPARISONS, type Comparison, type Interval, INTERVALS, spanOf, SPANS } from './asked.ts';
import { AmongFields, Choice, CountingFields, RepeatFields } from './Fields.tsx';

type Schemas = components['schemas'];

interface Props {
  asked: Asked;
  kind: Schemas['ReportKind'];
  catalogue: Schemas['ReportCatalogue'];
  onChange: (part: Partial<Asked>) => void;
}

const QUARTER_S = 900;

export function Controls({ asked, kind, catalogue, onChange }: Props) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(asked.formula !== '' || asked.booking !== '');
  const quarter = (picked: Dayjs): number => Math.floor(meantInCentre(picked).unix() / QUARTER_S) * QUARTER_S;

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
      <AmongFields filters={kind.filters} among={asked} onChange={onChange} />
      {kind.id === 'repeats' && <RepeatFields counting={asked} onChange={onChange} />}
      <button
        type="button"
        className="button button--small reports__unfold"
        aria-expanded={unfolded}
        onClick={() => setUnfolded(!unfolded)}
      >
        {t('reports.counting')}
      </button>
      {unfolded && <CountingFields counting={asked} catalogue={catalogue} onChange={onChange} />}
    </div>
  );
}
