import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../api/types.ts';
import { useFeed } from '../../feed/store.ts';
import { clockDuration, percent } from '../../time/format.ts';

interface Figure {
  label: string;
  value: string | number;
}

function Figures({ title, id, figures }: { title: string; id: string; figures: Figure[] }) {
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 className="panel__title" id={id}>
        {title}
      </h2>
      <dl className="figures">
        {figures.map(({ label, value }) => (
          <div key={label} className="figure">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function MyDay({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const { answered_today: answered, talk_s_today: talk } = agent;
  return (
    <Figures
      title={t('agent.today')}
      id="my-day-title"
      figures={[
        { label: t('agent.answered'), value: answered },
        { label: t('agent.missed'), value: agent.missed_today },
        { label: t('agent.talkTime'), value: clockDuration(talk) },
        { label: t('agent.averageTalk'), value: answered > 0 ? clockDuration(talk / answered) : '–' },
      ]}
    />
  );
}

export function HotlineToday() {
  const { t } = useTranslation();
  const totals = useFeed((state) => state.totals);
  if (totals === null) return null;
  return (
    <Figures
      title={t('agent.hotline')}
      id="hotline-title"
      figures={[
        { label: t('agent.waitingNow'), value: totals.waiting },
        { label: t('agent.serviceLevel'), value: percent(totals.service_level) },
        { label: t('agent.answered'), value: totals.answered },
        { label: t('agent.abandoned'), value: totals.abandoned },
      ]}
    />
  );
}
