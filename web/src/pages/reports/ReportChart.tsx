/** One figure of the report: over time a line for each group, otherwise a bar for each; beside the other span. */

import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useLocalized } from '../../i18n/words.ts';
import { charted, type Figure, figureText, type ReportView } from './figures.ts';
import { chartData } from './chartData.ts';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const COLOURS = ['--talking', '--ringing', '--ready', '--wrap_up', '--training', '--danger', '--break', '--neutral'];

export function ReportChart({ view, figure }: { view: ReportView; figure: Figure }) {
  const { t, i18n } = useTranslation();
  const localized = useLocalized();
  const theme = usePreferences((state) => state.theme);
  const box = useRef<HTMLDivElement>(null);
  const name = localized(figure.name, figure.id);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const instance = echarts.init(element);
    const observer = new ResizeObserver(() => instance.resize());
    observer.observe(element);
    // After this frame: the page's colours have changed by then when the theme was switched.
    const frame = requestAnimationFrame(() => {
      const style = getComputedStyle(element);
      const colour = (token: string): string => style.getPropertyValue(token).trim();
      const text = { color: colour('--text-2'), fontFamily: style.fontFamily, fontSize: 12 };
      const { labels, series } = chartData(view, figure.id, i18n.language, t('reports.before'));
      const overTime = view.interval !== 'total' && labels.length > 1;
      instance.setOption({
        animation: false,
        color: COLOURS.map(colour),
        grid: { left: 8, right: 16, top: series.length > 1 ? 34 : 16, bottom: 8, containLabel: true },
        legend: { show: series.length > 1, top: 0, type: 'plain', textStyle: text },
        tooltip: {
          trigger: 'axis',
          confine: true,
          backgroundColor: colour('--surface'),
          borderColor: colour('--line-strong'),
          textStyle: text,
        },
        xAxis: {
          type: 'category',
          data: labels,
          axisLabel: text,
          axisLine: { lineStyle: { color: colour('--line-strong') } },
        },
        yAxis: {
          type: 'value',
          axisLabel: { ...text, formatter: figure.unit === 'share' ? '{value}%' : '{value}' },
          splitLine: { lineStyle: { color: colour('--line') } },
        },
        series: series.map(({ name: of, values, former }) => ({
          name: of || name,
          type: overTime && (series.length > 1 || labels.length > 31) ? 'line' : 'bar',
          symbolSize: 5,
          barMaxWidth: 44,
          lineStyle: former ? { type: 'dashed' } : undefined,
          itemStyle: former ? { opacity: 0.45 } : undefined,
          data: values.map((value) => charted(figure.unit, value)),
        })),
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      instance.dispose();
    };
  }, [view, figure, theme, t, i18n.language, name]);

  const total = figureText(figure.unit, view.part.totals.values[figure.id]);
  return (
    <figure className="report__chart">
      <figcaption>
        {name} <small>{localized(figure.formulas, figure.formula)}</small>
        {figure.unit === 'ms' && <small> · {t('reports.inSeconds')}</small>}
      </figcaption>
      <div ref={box} role="img" aria-label={`${name}: ${t('reports.all')} ${total}`} data-testid="report-chart" />
    </figure>
  );
}
