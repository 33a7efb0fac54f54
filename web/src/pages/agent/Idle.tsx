/** The centre while there is no caller: what the agent's state means, and the one useful next step. */

import { useTranslation } from 'react-i18next';
import { useReference } from '../../api/queries.ts';
import type { AgentView } from '../../api/types.ts';
import { useChoosePresence } from '../../app/PresenceControl.tsx';
import { agentState } from '../../feed/agentState.ts';
import { useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { AGENT_STATE_LOOK } from '../../ui/tones.ts';

export function Idle({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const choose = useChoosePresence(agent);
  const waiting = useFeed((state) => state.totals?.waiting ?? 0);
  const { state } = agentState(agent);
  const { tone, Icon } = AGENT_STATE_LOOK[state];
  const reason = reference?.reason_codes.find(({ code }) => code === agent.reason);

  const [title, text] = ((): [string, string] => {
    if (state === 'signed_out') return [t('idle.signedOutTitle'), t('idle.signedOutText')];
    if (state === 'unreachable') {
      return [t('idle.unreachableTitle'), t('phone.unreachableHelp', { extension: agent.extension })];
    }
    if (state === 'ready' || state === 'ringing') {
      return [t('idle.readyTitle'), waiting > 0 ? t('idle.readySome', { count: waiting }) : t('idle.readyNone')];
    }
    const name = localized(reason?.name, t(`state.${state}`));
    return [t('idle.breakTitle', { reason: name }), t('idle.breakText')];
  })();

  const mayBecomeReady = agent.presence !== 'ready' && state !== 'wrap_up';
  return (
    <section className="idle panel" data-tone={tone}>
      <span className="idle__mark">
        <Icon />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {mayBecomeReady && (
        <button type="button" className="button button--primary button--large" onClick={() => choose('ready')}>
          {t('idle.goReady')} <kbd>Alt R</kbd>
        </button>
      )}
    </section>
  );
}
