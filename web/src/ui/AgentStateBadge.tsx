import { useTranslation } from 'react-i18next';
import type { AgentState } from '../feed/agentState.ts';
import { AGENT_STATE_LOOK } from './tones.ts';

export function AgentStateBadge({ state }: { state: AgentState }) {
  const { t } = useTranslation();
  const { tone, Icon } = AGENT_STATE_LOOK[state];
  return (
    <span className="badge" data-tone={tone}>
      <Icon />
      {t(`state.${state}`)}
    </span>
  );
}
