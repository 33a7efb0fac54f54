/** Next week by half-hour: calls expected, agents needed and agents planned; and how agents kept to their shifts. */

import { useQuery } from '@tanstack/react-query';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { config } from '../../api/config.ts';
import { useReference } from '../../api/queries.ts';
import { useAdherence, useForecast, type WeekForecast } from '../../api/staffing.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { clockDuration } from '../../time/format.ts';
import { inCentre } from '../../time/zone.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { daysOf, slotTime } from './staffingDays.ts';

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export function Staffing() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const queues = useReference()?.queues ?? [];
  const [chosen, setChosen] = useState('');
  const queue = chosen || (queues[0]?.id ?? '');
  const forecast = useForecast(queue);
  return (
    <div className="reports__body" tabIndex={0} role="region" aria-label={t('reports.staffing.title')}>
      <header className="reports__head">
        <h2>{t('reports.staffing.title')}</h2>
        <label>
          {t('records.queue')}{' '}
          <select
            className="field staffing__queue"
            data-testid="staffing-queue"
            value={queue}
            onChange={(event) => setChosen(event.target.value)}
          >
            {queues.map(({ id, name }) => (
              <option key={id} value={id}>
                {localized(name, id)}
              </option>
            ))}
          </select>
        </label>
      </header>
      {forecast.isPending && <LoadingState />}
      {forecast.error && <ErrorState error={forecast.error} onRetry={() => void forecast.refetch()} />}
      {forecast.data && <Week week={forecast.data} />}
      <Adherence />
    </div>
  );
}

function Week({ week }: { week: WeekForecast }) {
  const { t } = useTranslation();
  const days = daysOf(week.slots);
  const [at, setAt] = useState(0);
  const day = days[Math.min(at, days.length - 1)];
  const seconds = (value: number | null): string => (value === null ? '–' : clockDuration(value));
  if (week.weeks === 0 || day === undefined) return <EmptyState text={t('reports.staffing.noHistory')} />;
  return (
    <>
      <p className="quiet">
        {t('reports.staffing.basis', {
          weeks: week.weeks,
          handling: seconds(week.mean_handling_s),
          patience: seconds(week.patience_s),
          target: Math.round(week.service_level_target * 100),
          within: week.service_level_s,
        })}
      </p>
      <WeekChart week={week} />
      <div className="staffing__days" role="group" aria-label={t('reports.staffing.day')}>
        {days.map((one, index) => (
          <button
            key={one.date}
            type="button"
            className="button button--small"
            aria-pressed={one === day}
            onClick={() => setAt(index)}
          >
            {one.date.slice(5)} {t(`reports.staffing.weekdays.${one.weekday}` as 'reports.staffing.weekdays.1')}
            {one.short > 0 && ` · ${t('reports.staffing.shortBy', { count: one.short })}`}
          </button>
        ))}
      </div>
      <table className="table staffing__table" data-testid="staffing-table">
        <caption className="visually-hidden">
          {t('reports.staffing.title')} {day.date}
        </caption>
        <thead>
          <tr>
            {(['time', 'expected', 'needed', 'planned', 'difference'] as const).map((column) => (
              <th key={column} scope="col" className={column === 'time' ? undefined : 'table__number'}>
                {t(`reports.staffing.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {day.slots.map((slot) => {
            const needed = slot.agents_needed;
            const short = needed === null ? 0 : needed - slot.agents_planned;
            return (
              <tr key={slot.start} data-short={short > 0}>
                <th scope="row">{slotTime(slot.start)}</th>
                <td className="table__number">{slot.expected.toFixed(1)}</td>
                <td className="table__number">{needed ?? '–'}</td>
                <td className="table__number">{slot.agents_planned}</td>
                <td className="table__number">
                  {needed === null
                    ? '–'
                    : short > 0
                      ? t('reports.staffing.shortBy', { count: short })
                      : short < 0
                        ? `+${-short}`
                        : 0}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function WeekChart({ week }: { week: WeekForecast }) {
  const { t } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const instance = echarts.init(element);
    const observer = new ResizeObserver(() => instance.resize());
    observer.observe(element);
    const frame = requestAnimationFrame(() => {
      const style = getComputedStyle(element);
      const colour = (token: string): string => style.getPropertyValue(token).trim();
      const text = { color: colour('--text-2'), fontFamily: style.fontFamily, fontSize: 12 };
      const series = (name: string, values: (number | null)[], dashed = false) => ({
        name,
        type: 'line',
        step: dashed ? undefined : 'end',
        symbol: 'none',
        lineStyle: dashed ? { type: 'dashed' } : undefined,
        data: values,
      });
      const axis = { type: 'value', axisLabel: text, splitLine: { lineStyle: { color: colour('--line') } } };
      instance.setOption({
        animation: false,
        color: ['--neutral', '--danger', '--ready'].map(colour),
        grid: { left: 8, right: 16, top: 34, bottom: 8, containLabel: true },
        legend: { top: 0, textStyle: text },
        tooltip: {
          trigger: 'axis',
          confine: true,
          backgroundColor: colour('--surface'),
          borderColor: colour('--line-strong'),
          textStyle: text,
        },
        xAxis: {
          type: 'category',
          data: week.slots.map(({ start }) => inCentre(start).format('MM-DD HH:mm')),
          axisLabel: text,
        },
        yAxis: axis,
        series: [
          series(
            t('reports.staffing.expected'),
            week.slots.map(({ expected }) => Math.round(expected * 10) / 10),
            true,
          ),
          series(
            t('reports.staffing.needed'),
            week.slots.map((slot) => slot.agents_needed),
          ),
          series(
            t('reports.staffing.planned'),
            week.slots.map((slot) => slot.agents_planned),
          ),
        ],
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      instance.dispose();
    };
  }, [week, theme, t]);
  return (
    <figure className="report__chart">
      <figcaption>{t('reports.staffing.chart')}</figcaption>
      <div ref={box} role="img" aria-label={t('reports.staffing.chart')} data-testid="staffing-chart" />
    </figure>
  );
}

const LAST_DAYS = 14;

function Adherence() {
  const { t } = useTranslation();
  const today = inCentre(serverNow());
  const [first, last] = [today.subtract(LAST_DAYS, 'day'), today].map((day) => day.format('YYYY-MM-DD'));
  const { data, error, refetch } = useAdherence(first ?? '', last ?? '');
  const { data: agents } = useQuery({ queryKey: ['config', 'agents'], queryFn: config.agents, staleTime: 60_000 });
  const nameOf = (id: number): string => {
    const agent = agents?.find((one) => one.id === id);
    return agent ? `${agent.number} ${agent.name}` : String(id);
  };
  const hours = (ms: number): string => (ms / 3_600_000).toFixed(1);
  return (
    <section aria-label={t('reports.staffing.adherence')}>
      <h2 className="staffing__heading">{t('reports.staffing.adherence')}</h2>
      <p className="quiet">{t('reports.staffing.adherenceHint', { first, last })}</p>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState text={t('reports.staffing.noShifts')} />}
      {data !== undefined && data.length > 0 && (
        <table className="table" data-testid="adherence">
          <thead>
            <tr>
              <th scope="col">{t('records.agent')}</th>
              <th scope="col" className="table__number">
                {t('reports.staffing.hoursPlanned')}
              </th>
              <th scope="col" className="table__number">
                {t('reports.staffing.hoursThere')}
              </th>
              <th scope="col" className="table__number">
                {t('reports.staffing.adherence')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.agent_id}>
                <th scope="row">{nameOf(row.agent_id)}</th>
                <td className="table__number">{hours(row.planned_ms)}</td>
                <td className="table__number">{hours(row.signed_in_ms)}</td>
                <td className="table__number">
                  {row.adherence === null ? '–' : `${(row.adherence * 100).toFixed(1)}%`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
