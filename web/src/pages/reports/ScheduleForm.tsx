/** What is sent, of which span and whom it counts, when, as what and to whom. */

import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { useLocalized } from '../../i18n/words.ts';
import { counted } from './among.ts';
import { INTERVALS } from './asked.ts';
import { AmongFields, CountingFields, RepeatFields } from './Fields.tsx';
import { type FormValues, usualInterval } from './schedule.ts';

const EVERY = ['daily', 'weekly', 'monthly'] as const;
const SPANS = ['today', 'yesterday', 'last_week', 'last_month', 'this_month'] as const;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

interface Props {
  catalogue: components['schemas']['ReportCatalogue'];
  initial: FormValues;
  title: string;
  onSave: (values: FormValues) => Promise<boolean>;
  /** null: it is a new one. */
  onCancel: (() => void) | null;
}

export function ScheduleForm({ catalogue, initial, title, onSave, onCancel }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const [values, setValues] = useState(initial);
  const set = (part: Partial<FormValues>): void => setValues((now) => ({ ...now, ...part }));
  const kind = catalogue.reports.find(({ id }) => id === values.report);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await onSave(counted(values, catalogue.reports))) setValues((now) => ({ ...now, name: '', recipients: '' }));
  };
  const words = (label: string, id: string, options: [string, string][], value: string, on: (v: string) => void) => (
    <label>
      <span className="field-label">{label}</span>
      <select className="field" data-testid={id} value={value} onChange={(event) => on(event.target.value)}>
        {options.map(([key, word]) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form className="schedule__form" onSubmit={(event) => void save(event)} aria-label={title} data-testid="schedule">
      <h3>{title}</h3>
      <label>
        <span className="field-label">{t('reports.schedules.columns.name')}</span>
        <input
          className="field"
          data-testid="schedule-name"
          maxLength={80}
          value={values.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </label>
      {words(
        t('reports.schedules.columns.report'),
        'schedule-report',
        catalogue.reports.map((one) => [one.id, localized(one.name, one.id)]),
        values.report,
        (report) => setValues((now) => counted({ ...now, report, by: '' }, catalogue.reports)),
      )}
      {words(
        t('reports.group'),
        'schedule-by',
        (kind?.by ?? []).map((one) => [one, t(`reports.by.${one}` as 'reports.by.none')]),
        values.by || (kind?.by[0] ?? ''),
        (by) => set({ by }),
      )}
      {words(
        t('reports.schedules.span'),
        'schedule-span',
        SPANS.map((one) => [one, t(`reports.schedules.spans.${one}`)]),
        values.span,
        (chosen) => {
          const span = SPANS.find((one) => one === chosen) ?? 'yesterday';
          set({ span, interval: usualInterval(span) });
        },
      )}
      {words(
        t('reports.interval'),
        'schedule-interval',
        INTERVALS.map((one) => [one, t(`reports.intervals.${one}`)]),
        values.interval,
        (chosen) => set({ interval: INTERVALS.find((one) => one === chosen) ?? 'day' }),
      )}
      <AmongFields filters={kind?.filters ?? []} among={values} onChange={set} />
      {values.report === 'repeats' && <RepeatFields counting={values} onChange={set} />}
      <CountingFields counting={values} catalogue={catalogue} onChange={set} />
      {words(
        t('reports.schedules.often'),
        'schedule-every',
        EVERY.map((one) => [one, t(`reports.schedules.every.${one}`)]),
        values.every,
        (chosen) => set({ every: EVERY.find((one) => one === chosen) ?? 'daily' }),
      )}
      {values.every === 'weekly' &&
        words(
          t('reports.staffing.day'),
          'schedule-weekday',
          WEEKDAYS.map((one) => [String(one), t(`reports.staffing.weekdays.${one}`)]),
          String(values.weekday),
          (chosen) => set({ weekday: Number(chosen) }),
        )}
      {values.every === 'monthly' &&
        words(
          t('reports.staffing.day'),
          'schedule-day',
          Array.from({ length: 31 }, (_, at) => [String(at + 1), t('reports.schedules.dayOfMonth', { day: at + 1 })]),
          String(values.monthDay),
          (chosen) => set({ monthDay: Number(chosen) }),
        )}
      <label>
        <span className="field-label">{t('reports.staffing.time')}</span>
        <input
          className="field"
          type="time"
          required
          value={values.time}
          data-testid="schedule-time"
          onChange={(event) => set({ time: event.target.value })}
        />
      </label>
      {words(
        t('reports.schedules.format'),
        'schedule-format',
        [
          ['xlsx', 'Excel'],
          ['csv', 'CSV'],
        ],
        values.format,
        (chosen) => set({ format: chosen === 'csv' ? 'csv' : 'xlsx' }),
      )}
      <label className="schedule__to">
        <span className="field-label">{t('reports.schedules.columns.recipients')}</span>
        <input
          className="field"
          data-testid="schedule-recipients"
          placeholder="lead@example.com, …"
          value={values.recipients}
          onChange={(event) => set({ recipients: event.target.value })}
        />
      </label>
      <div className="schedule__do">
        <button
          type="submit"
          className="button button--primary"
          data-testid="schedule-add"
          disabled={values.name.trim() === '' || values.recipients.trim() === ''}
        >
          {onCancel === null ? t('reports.schedules.add') : t('admin.save')}
        </button>
        {onCancel !== null && (
          <button type="button" className="button" onClick={onCancel}>
            {t('common.cancel')}
          </button>
        )}
      </div>
    </form>
  );
}
