/** Who can what how well: agents × skills, each cell a level that is stored when it is left. */

import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AgentSetup, config, useConfig, useConfigChanged } from '../../api/config.ts';
import { asProblem } from '../../api/problem.ts';
import { mayOperate, useSession } from '../../api/session.ts';
import { useLocalized } from '../../i18n/words.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import type { Choice } from './fields.tsx';
import { useChoices } from './useChoices.ts';

export function SkillMatrix() {
  const { t } = useTranslation();
  const { user } = useSession();
  const agents = useConfig('agents');
  const { skills, teams } = useChoices();
  const [filter, setFilter] = useState('');
  const [team, setTeam] = useState('');
  if (agents.data === undefined) {
    return agents.isError ? (
      <ErrorState error={agents.error} onRetry={() => void agents.refetch()} />
    ) : (
      <LoadingState />
    );
  }
  const shown = agents.data.filter(
    (agent) =>
      !agent.retired && `${agent.name} ${agent.number}`.includes(filter.trim()) && (team === '' || agent.team === team),
  );
  return (
    <section className="panel admin__matrix">
      <div className="admin__list-head">
        <input
          className="field"
          type="search"
          aria-label={t('supervisor.filter')}
          placeholder={t('supervisor.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <select
          className="field"
          aria-label={t('admin.agent.label.team')}
          value={team}
          onChange={(event) => setTeam(event.target.value)}
        >
          <option value="">{t('admin.everyTeam')}</option>
          {teams.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <span className="quiet">{t('admin.matrixHint')}</span>
      </div>
      <div className="table-box" tabIndex={0} role="region" aria-label={t('admin.sections.matrix')}>
        <table className="table" data-testid="skill-matrix">
          <thead>
            <tr>
              <th scope="col">{t('supervisor.agent')}</th>
              {skills.map(({ value, name }) => (
                <th key={value} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((agent) => (
              <Row
                key={`${agent.id}:${agent.version}`}
                agent={agent}
                skills={skills}
                editable={mayOperate(user.role) || (agent.team !== null && agent.team === user.team)}
              />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <EmptyState text={t('supervisor.noAgents')} />}
      </div>
    </section>
  );
}

interface RowProps {
  agent: AgentSetup;
  skills: Choice[];
  editable: boolean;
}

const Row = memo(function Row({ agent, skills, editable }: RowProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const problemText = useProblemText();
  const changed = useConfigChanged();
  const teams = useConfig('teams').data ?? [];
  const [saving, setSaving] = useState(false);
  const levels = agent.skills ?? {};

  const save = async (skill: string, text: string): Promise<void> => {
    const level = text === '' ? 0 : Math.min(10, Math.max(0, Math.round(Number(text))));
    if ((levels[skill] ?? 0) === level) return;
    const rest = Object.fromEntries(Object.entries(levels).filter(([key]) => key !== skill));
    setSaving(true);
    try {
      await config.putSkillLevels(
        { ...agent, version: agent.version ?? '' },
        level === 0 ? rest : { ...rest, [skill]: level },
      );
    } catch (error) {
      showToast('error', problemText(asProblem(error)));
    } finally {
      await changed();
      setSaving(false);
    }
  };

  return (
    <tr data-testid={`skills-of-${agent.number}`} aria-busy={saving}>
      <th scope="row">
        {agent.name}
        <small>
          {agent.number}
          {agent.team && ` · ${localized(teams.find(({ id }) => id === agent.team)?.name, agent.team)}`}
        </small>
      </th>
      {skills.map(({ value, name }) => (
        <td key={value}>
          <input
            className="field admin__level"
            type="number"
            min={0}
            max={10}
            aria-label={t('admin.levelOfAgent', { agent: agent.name, skill: name })}
            defaultValue={levels[value] ?? ''}
            disabled={!editable || saving}
            data-level={levels[value] ?? 0}
            onBlur={(event) => void save(value, event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur();
            }}
          />
        </td>
      ))}
    </tr>
  );
});
