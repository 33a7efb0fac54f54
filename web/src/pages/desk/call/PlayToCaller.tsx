/** The spoken piece of an article, for everybody in the agent's conversation. */

import { useTranslation } from 'react-i18next';
import { useSession } from '../../../api/session.ts';
import { useFeed } from '../../../feed/store.ts';
import { SoundOutlined, StopOutlined } from '../../../ui/icons.ts';
import { abilities } from '../../agent/controls/ownCall.ts';
import { useCallActions } from '../../agent/controls/useCallActions.ts';

export function PlayToCaller({ callId, prompt }: { callId: string; prompt: string }) {
  const { t } = useTranslation();
  const { agent: own } = useSession();
  const agent = useFeed(({ agents }) => (own ? agents[own.id] : undefined));
  const call = useFeed(({ calls }) => calls[callId]);
  const actions = useCallActions(callId, own?.id ?? 0);
  if (agent === undefined || !abilities(call, agent).piece) return null;
  return (
    <>
      <button
        type="button"
        className="button button--small"
        title={prompt}
        data-testid="play-to-caller"
        onClick={() => void actions.playPiece(prompt)}
      >
        <SoundOutlined /> {t('desk.audio.play')}
      </button>
      <button
        type="button"
        className="button button--small"
        aria-label={t('desk.audio.stop')}
        title={t('desk.audio.stop')}
        onClick={() => void actions.playPiece('')}
      >
        <StopOutlined />
      </button>
    </>
  );
}
