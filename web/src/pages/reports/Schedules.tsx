/** Reports that leave by mail: which, when, to whom; how the last sending went. */

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Schedule, type ScheduleDraft, schedules, SCHEDULES_KEY, useSchedules } from '../../api/schedules.ts';
import type { components } from '../../api/schema.d.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { dateTime } from '../../time/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { useAmong } from './Fields.tsx';
import { type Among, AMONG } from './among.ts';
import { clock, draftOf, empty, valuesOf } from './schedule.ts';
import { ScheduleForm } from './ScheduleForm.tsx';

type Catalogue = components['schemas']['ReportCatalogue'];

/** `among`: what the reports beside them are filtered by, which a new one begins with. */
export function Schedules({ catalogue, among }: { catalogue: Catalogue; among: Among }) {
  const { t, i18n } = useTranslation();
  const [changed, setChanged] = useState<Schedule | null>(null);
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
      {data !== undefined && data.length > 0 && (
        <List found={data} catalogue={catalogue} act={act} changed={changed} onChange={setChanged} />
      )}
      <ScheduleForm
        key={changed?.id ?? 'new'}
        catalogue={catalogue}
        initial={changed === null ? empty(among) : valuesOf(changed)}
        title={changed === null ? t('reports.schedules.add') : t('reports.schedules.changing', { name: changed.name })}
        onCancel={changed === null ? null : () => setChanged(null)}
        onSave={async (values) => {
          const draft = draftOf(values, i18n.language, changed);
          const done = await act(() => (changed === null ? schedules.add(draft) : schedules.change(changed.id, draft)));
          if (done) setChanged(null);
          return done;
        }}
      />
    </div>
  );
}

interface ListProps {
  found: Schedule[];
  catalogue: Catalogue;
  act: (work: () => Promise<unknown>) => Promise<boolean>;
  changed: Schedule | null;
  onChange: (one: Schedule | null) => void;
}

function List({ found, catalogue, act, changed, onChange }: ListProps) {
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
  const words = useAmong();
  const filters = ({ query }: Schedule): string =>
    AMONG.flatMap((name) => String(query[name] ?? '').split(','))
      .filter((id) => id !== '')
      .map((id) => AMONG.flatMap((name) => words[name]).find(({ value }) => value === id)?.label ?? id)
      .join('、');
  const paused = (one: Schedule): ScheduleDraft => ({
    ...draftOf(valuesOf(one), one.language, one),
    enabled: !one.enabled,
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
              {filters(one) !== '' && <small> {filters(one)}</small>}
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
                aria-pressed={changed?.id === one.id}
                data-testid={`schedule-${one.id}-change`}
                onClick={() => onChange(changed?.id === one.id ? null : one)}
              >
                {t('reports.schedules.change')}
              </button>
              <button
                type="button"
                className="button button--small"
                onClick={() => void act(() => schedules.change(one.id, paused(one)))}
              >
                {t(one.enabled ? 'reports.schedules.pause' : 'reports.schedules.resume')}
              </button>
              <button
                type="button"
                className="button button--small"
                onClick={() => {
                  if (changed?.id === one.id) onChange(null);
                  void act(() => schedules.remove(one.id));
                }}
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
