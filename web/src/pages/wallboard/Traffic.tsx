/** Two hours of callers in five-minute bars, drawn anew at most once a second. */

import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrafficPoint } from '../../api/types.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useClock } from '../../time/clock.ts';
import { timeOfDay } from '../../time/format.ts';
import { SLOT_S, trafficSlots } from './trafficSlots.ts';

echarts.use([BarChart, GridComponent, LegendComponent, CanvasRenderer]);

export function Traffic({ points }: { points: TrafficPoint[] }) {
  const { t, i18n } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  const slot = useClock((clock) => Math.floor(clock.now / SLOT_S));
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);

  useEffect(() => {
    if (box.current === null) return;
    const instance = echarts.init(box.current);
    chart.current = instance;
    const observer = new ResizeObserver(() => instance.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      instance.dispose();
    };
  }, []);

  useEffect(() => {
    // After this frame: the page's colours have changed by then when the theme was switched.
    const frame = requestAnimationFrame(() => {
      const element = box.current;
      if (element === null || chart.current === null) return;
      const slots = trafficSlots(points, slot * SLOT_S);
      const names = { answered: t('agent.answered'), abandoned: t('agent.abandoned') };
      chart.current.setOption(chartOption(slots, names, getComputedStyle(element)));
    });
    return () => cancelAnimationFrame(frame);
  }, [points, slot, theme, t, i18n.language]);

  const offered = points.reduce((sum, point) => sum + point.offered, 0);
  return (
    <section className="wb-traffic panel" aria-labelledby="wb-traffic-title">
      <h2 id="wb-traffic-title">
        {t('wallboard.traffic')} <small>{t('wallboard.trafficHelp')}</small>
      </h2>
      <div
        ref={box}
        className="wb-traffic__chart"
        role="img"
        aria-label={`${t('wallboard.traffic')}: ${t('wallboard.offered', { count: offered })}`}
      />
    </section>
  );
}

interface SeriesNames {
  answered: string;
  abandoned: string;
}

function chartOption(slots: TrafficPoint[], names: SeriesNames, style: CSSStyleDeclaration) {
  const em = parseFloat(style.fontSize);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const text = { color: colour('--text-2'), fontSize: em * 1.2, fontFamily: style.fontFamily };
  return {
    animation: false,
    grid: { left: em * 3, right: em, top: em * 2.6, bottom: em * 2.2 },
    legend: {
      right: 0,
      top: 0,
      itemWidth: em,
      itemHeight: em,
      itemGap: em,
      textStyle: { ...text, padding: [0, 0, 0, em * 0.3] },
    },
    xAxis: {
      type: 'category',
      data: slots.map((point) => timeOfDay(point.at).slice(0, 5)),
      axisLine: { lineStyle: { color: colour('--line-strong') } },
      axisTick: { show: false },
      axisLabel: { ...text, interval: (_: number, label: string) => /:(?:00|30)$/.test(label) },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      splitLine: { lineStyle: { color: colour('--line') } },
      axisLabel: text,
    },
    series: [
      {
        name: names.answered,
        type: 'bar',
        stack: 'callers',
        barCategoryGap: '28%',
        data: slots.map((point) => point.answered),
        itemStyle: { color: colour('--talking') },
      },
      {
        name: names.abandoned,
        type: 'bar',
        stack: 'callers',
        data: slots.map((point) => point.abandoned),
        itemStyle: { color: colour('--ringing') },
      },
    ],
  };
}
