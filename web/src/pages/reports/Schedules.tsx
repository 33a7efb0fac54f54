/** Reports that leave by mail: which, when, to whom; how the last sending went. */

import { useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Schedule, type ScheduleDraft, schedules, SCHEDULES_KEY, useSchedules } from '../../api/schedules.ts';
import type { components } from '../../api/schema.d.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { dateTime } from '../../time/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';

type Catalogue = components['schemas']['ReportCatalogue'];

const EVERY = ['daily', 'weekly', 'monthly'] as const;
const SPANS = ['today', 'yesterday', 'last_week', 'last_month', 'this_month'] as const;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

export function Schedules({ catalogue }: { catalogue: Catalogue }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const { data, error, refetch } = useSchedules();
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: SCHEDULES_KEY });
      return true;
    } catch (problem) {
      showToast('error', problemText(problem));
      return false;
    }
  };
  return (
    <div className="reports__body" tabIndex={0} role="region" aria-label={t('reports.schedules.title')}>
      <header className="reports__head">
        <h2>{t('reports.schedules.title')}</h2>
        <p>{catalogue.timezone}</p>
      </header>
      {data === undefined && (error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />)}
      {data?.length === 0 && <EmptyState text={t('reports.schedules.none')} />}
      {data !== undefined && data.length > 0 && <List found={data} catalogue={catalogue} act={act} />}
      <NewSchedule catalogue={catalogue} onAdd={(draft) => act(() => schedules.add(draft))} />
    </div>
  );
}

interface ListProps {
  found: Schedule[];
  catalogue: Catalogue;
  act: (work: () => Promise<unknown>) => Promise<boolean>;
}

function List({ found, catalogue, act }: ListProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const codeWord = useCodeWord();
  const when = (one: Schedule): string => {
    const day =
      one.every === 'weekly'
        ? t(`reports.staffing.weekdays.${one.weekday}` as 'reports.staffing.weekdays.1')
        : one.every === 'monthly'
          ? t('reports.schedules.dayOfMonth', { day: one.month_day })
          : '';
    return `${t(`reports.schedules.every.${one.every}`)} ${day} ${clock(one.minute)}`;
  };
  const draftOf = ({ name, report, query, span, every, minute, weekday, ...one }: Schedule): ScheduleDraft => ({
    ...{ name, report, query, span, every, minute, weekday },
    month_day: one.month_day,
    format: one.format as 'xlsx',
    language: one.language as 'en',
    recipients: one.recipients,
    enabled: one.enabled,
  });
  return (
    <table className="table" data-testid="schedules">
      <thead>
        <tr>
          {(['name', 'report', 'when', 'recipients', 'next', 'last', 'act'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`reports.schedules.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {found.map((one) => (
          <tr key={one.id} data-testid={`schedule-${one.id}`}>
            <th scope="row">
              {one.name}
              <small> {one.owner}</small>
            </th>
            <td>
              {localized(catalogue.reports.find(({ id }) => id === one.report)?.name, one.report)} ·{' '}
              {t(`reports.schedules.spans.${one.span}`)}
            </td>
            <td>{when(one)}</td>
            <td>{one.recipients.join(', ')}</td>
            <td>{one.enabled ? dateTime(one.next_at) : t('reports.schedules.paused')}</td>
            <td>
              {one.last === null ? (
                '–'
              ) : (
                <>
                  {dateTime(one.last.due_at)} {codeWord('deliveryState', one.last.state)}
                  {one.last.error !== '' && <small className="schedule__error"> {one.last.error}</small>}
                </>
              )}
            </td>
            <td className="schedule__acts">
              <button
                type="button"
                className="button button--small"
                onClick={() => void act(() => schedules.send(one.id))}
              >
                {t('reports.schedules.sendNow')}
              </button>
              <button
                type="button"
                className="button button--small"
                onClick={() => void act(() => schedules.change(one.id, { ...draftOf(one), enabled: !one.enabled }))}
              >
                {t(one.enabled ? 'reports.schedules.pause' : 'reports.schedules.resume')}
              </button>
              <button
                type="button"
                className="button button--small"
                onClick={() => void act(() => schedules.remove(one.id))}
              >
                {t('records.notes.remove')}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface NewProps {
  catalogue: Catalogue;
  onAdd: (draft: ScheduleDraft) => Promise<boolean>;
}

function NewSchedule({ catalogue, onAdd }: NewProps) {
  const { t, i18n } = useTranslation();
  const localized = useLocalized();
  const [name, setName] = useState('');
  const [report, setReport] = useState('traffic');
  const [by, setBy] = useState('');
  const [span, setSpan] = useState<(typeof SPANS)[number]>('yesterday');
  const [every, setEvery] = useState<(typeof EVERY)[number]>('daily');
  const [time, setTime] = useState('08:00');
  const [weekday, setWeekday] = useState(1);
  const [monthDay, setMonthDay] = useState(1);
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx');
  const [recipients, setRecipients] = useState('');
  const kind = catalogue.reports.find(({ id }) => id === report);
  const add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    const done = await onAdd({
      name: name.trim(),
      report,
      query: { interval: span === 'today' || span === 'yesterday' ? 'hour' : 'day', ...(by && { by }) },
      span,
      every,
      minute: hours * 60 + minutes,
      weekday,
      month_day: monthDay,
      format,
      language: i18n.language === 'en' ? 'en' : 'zh-CN',
      recipients: recipients.split(/[\s,;]+/).filter((one) => one !== ''),
      enabled: true,
    });
    if (done) {
      setName('');
      setRecipients('');
    }
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
    <form className="schedule__form" onSubmit={(event) => void add(event)} aria-label={t('reports.schedules.add')}>
      <label>
        <span className="field-label">{t('reports.schedules.columns.name')}</span>
        <input
          className="field"
          data-testid="schedule-name"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {words(
        t('reports.schedules.columns.report'),
        'schedule-report',
        catalogue.reports.map((one) => [one.id, localized(one.name, one.id)]),
        report,
        (chosen) => {
          setReport(chosen);
          setBy('');
        },
      )}
      {words(
        t('reports.group'),
        'schedule-by',
        (kind?.by ?? []).map((one) => [one, t(`reports.by.${one}` as 'reports.by.none')]),
        by || (kind?.by[0] ?? ''),
        setBy,
      )}
      {words(
        t('reports.schedules.span'),
        'schedule-span',
        SPANS.map((one) => [one, t(`reports.schedules.spans.${one}`)]),
        span,
        (chosen) => setSpan(SPANS.find((one) => one === chosen) ?? 'yesterday'),
      )}
      {words(
        t('reports.schedules.columns.when'),
        'schedule-every',
        EVERY.map((one) => [one, t(`reports.schedules.every.${one}`)]),
        every,
        (chosen) => setEvery(EVERY.find((one) => one === chosen) ?? 'daily'),
      )}
      {every === 'weekly' &&
        words(
          t('reports.staffing.day'),
          'schedule-weekday',
          WEEKDAYS.map((one) => [String(one), t(`reports.staffing.weekdays.${one}`)]),
          String(weekday),
          (chosen) => setWeekday(Number(chosen)),
        )}
      {every === 'monthly' &&
        words(
          t('reports.staffing.day'),
          'schedule-day',
          Array.from({ length: 31 }, (_, at) => [String(at + 1), t('reports.schedules.dayOfMonth', { day: at + 1 })]),
          String(monthDay),
          (chosen) => setMonthDay(Number(chosen)),
        )}
      <label>
        <span className="field-label">{t('reports.staffing.time')}</span>
        <input
          className="field"
          type="time"
          required
          value={time}
          data-testid="schedule-time"
          onChange={(event) => setTime(event.target.value)}
        />
      </label>
      {words(
        t('reports.schedules.format'),
        'schedule-format',
        [
          ['xlsx', 'Excel'],
          ['csv', 'CSV'],
        ],
        format,
        (chosen) => setFormat(chosen === 'csv' ? 'csv' : 'xlsx'),
      )}
      <label className="schedule__to">
        <span className="field-label">{t('reports.schedules.columns.recipients')}</span>
        <input
          className="field"
          data-testid="schedule-recipients"
          placeholder="lead@example.com, …"
          value={recipients}
          onChange={(event) => setRecipients(event.target.value)}
        />
      </label>
      <button
        type="submit"
        className="button button--primary"
        data-testid="schedule-add"
        disabled={name.trim() === '' || recipients.trim() === ''}
      >
        {t('reports.schedules.add')}
      </button>
    </form>
  );
}
