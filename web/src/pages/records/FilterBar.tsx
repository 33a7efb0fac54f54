import { DatePicker, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReference } from '../../api/queries.ts';
import { useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { forPicker, meantInCentre } from '../../time/zone.ts';
import { AntTheme } from '../../ui/AntTheme.tsx';
import {
  type Filters,
  foldedInUse,
  NO_FILTERS,
  type Outcome,
  OUTCOMES,
  presetRange,
  PRESETS,
  searchOf,
} from './filters.ts';
import { MoreFilters } from './MoreFilters.tsx';

/** 0: open. */
const instantOf = (picked: Dayjs | null | undefined): number => (picked ? meantInCentre(picked).unix() : 0);

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
  /** What else may be done with the calls that are found. */
  actions?: ReactNode;
}

export function FilterBar({ filters, onChange, actions }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const [number, setNumber] = useState(filters.number);
  const [unfolded, setUnfolded] = useState(() => foldedInUse(filters) > 0);
  // Another search was chosen, or the conditions were cleared: the field shows what is searched for.
  const [shownNumber, setShownNumber] = useState(filters.number);
  if (shownNumber !== filters.number) {
    setShownNumber(filters.number);
    setNumber(filters.number);
  }

  return (
    <AntTheme>
      <div className="filters" role="search">
        <div className="filters__presets">
          {PRESETS.map((preset) => {
            const [from, to] = presetRange(preset, serverNow());
            const chosen = filters.from === from && filters.to === to;
            return (
              <button
                key={preset}
                type="button"
                className="button button--small"
                aria-pressed={chosen}
                onClick={() => onChange(chosen ? { from: 0, to: 0 } : { from, to })}
              >
                {t(`records.presets.${preset}`)}
              </button>
            );
          })}
        </div>
        <DatePicker.RangePicker
          aria-label={t('records.range')}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          value={[filters.from > 0 ? forPicker(filters.from) : null, filters.to > 0 ? forPicker(filters.to) : null]}
          allowEmpty={[true, true]}
          onChange={(range) => onChange({ from: instantOf(range?.[0]), to: instantOf(range?.[1]) })}
        />
        <Input.Search
          className="filters__number"
          aria-label={t('records.number')}
          placeholder={t('records.number')}
          data-testid="filter-number"
          allowClear
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onSearch={(value) => onChange({ number: value.trim() })}
        />
        <Select
          className="filters__select"
          aria-label={t('records.queue')}
          value={filters.queue}
          options={[
            { value: '', label: `${t('records.queue')}: ${t('common.all')}` },
            ...(reference?.queues ?? []).map(({ id, name }) => ({ value: id, label: localized(name, id) })),
          ]}
          onChange={(queue: string) => onChange({ queue })}
        />
        <Select<Outcome | ''>
          className="filters__select"
          aria-label={t('records.outcome')}
          value={filters.outcome}
          options={[
            { value: '', label: `${t('records.outcome')}: ${t('common.all')}` },
            ...OUTCOMES.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) })),
          ]}
          onChange={(outcome) => onChange({ outcome })}
        />
        <button
          type="button"
          className="button button--small"
          aria-expanded={unfolded}
          data-testid="more-filters"
          onClick={() => setUnfolded(!unfolded)}
        >
          {t(unfolded ? 'records.fewer' : 'records.more')}
          {foldedInUse(filters) > 0 && ` (${foldedInUse(filters)})`}
        </button>
        {searchOf({ ...filters, page: 1 }).size > 0 && (
          <button type="button" className="button button--small" onClick={() => onChange(NO_FILTERS)}>
            {t('records.clear')}
          </button>
        )}
        {actions}
        {unfolded && <MoreFilters filters={filters} onChange={onChange} />}
      </div>
    </AntTheme>
  );
}
