/** The floor as it is: who is calling, who is working, and the few interventions that a supervisor needs at once. */

import { useTranslation } from 'react-i18next';
import { useFeed } from '../../feed/store.ts';
import { percent } from '../../time/format.ts';
import { LoadingState } from '../../ui/ListState.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { AgentTable } from './AgentTable.tsx';
import { CallTable } from './CallTable.tsx';
import { FloorBar } from './FloorBar.tsx';
import { StaffingFigure } from './StaffingFigure.tsx';
import './supervisor.css';

export default function Supervisor() {
  const loaded = useFeed((state) => state.loaded);
  const stale = useFeed((state) => state.connection === 'offline');
  if (!loaded) return <LoadingState />;
  return (
    <div className={stale ? 'floor stale' : 'floor'}>
      <Strip />
      <FloorBar />
      <CallTable />
      <AgentTable />
    </div>
  );
}

function Strip() {
  const { t } = useTranslation();
  const totals = useFeed((state) => state.totals);
  if (totals === null) return null;
  const { longest_wait_since: longest } = totals;
  const figures = [
    { label: t('wallboard.waiting'), value: totals.waiting },
    { label: t('wallboard.longest'), value: longest === null ? '–' : <Timer since={longest} /> },
    { label: t('supervisor.calls'), value: totals.live_calls },
    { label: t('wallboard.serviceLevel'), value: percent(totals.service_level) },
    { label: t('wallboard.answered'), value: totals.answered },
    { label: t('wallboard.abandoned'), value: totals.abandoned },
    { label: t('state.ready'), value: totals.agents.ready ?? 0 },
    { label: t('state.talking'), value: totals.agents.talking ?? 0 },
    { label: t('staffing.title'), value: <StaffingFigure /> },
  ];
  return (
    <dl className="strip panel">
      {figures.map(({ label, value }) => (
        <div key={label} className="strip__figure">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
