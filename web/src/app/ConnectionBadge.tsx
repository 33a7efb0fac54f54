/** The state and age of what the page shows, always visible. */

import { CloudSyncOutlined, DisconnectOutlined, SyncOutlined, WifiOutlined } from '../ui/icons.ts';
import { useTranslation } from 'react-i18next';
import { type ConnectionState, useFeed } from '../feed/store.ts';
import { useClock } from '../time/clock.ts';
import { clockDuration } from '../time/format.ts';
import type { Tone } from '../ui/tones.ts';

const LOOK: Record<ConnectionState, { tone: Tone; Icon: typeof WifiOutlined }> = {
  connecting: { tone: 'neutral', Icon: SyncOutlined },
  live: { tone: 'ready', Icon: WifiOutlined },
  stale: { tone: 'ringing', Icon: CloudSyncOutlined },
  offline: { tone: 'danger', Icon: DisconnectOutlined },
};

export function useFeedAge(): string {
  const heard = useFeed((state) => state.lastHeard);
  return useClock((clock) => (heard === 0 ? '–' : clockDuration(clock.now - heard)));
}

export function ConnectionBadge() {
  const { t } = useTranslation();
  const connection = useFeed((state) => state.connection);
  const { tone, Icon } = LOOK[connection];
  const age = useFeedAge();
  return (
    <span
      className="status"
      data-tone={tone}
      data-testid="connection"
      data-state={connection}
      title={t('connection.title')}
    >
      <Icon />
      {t(`connection.${connection}`)}
      <span className="status__detail">{age}</span>
    </span>
  );
}

/** A line across the page while figures may be old. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const offline = useFeed((state) => state.loaded && state.connection === 'offline');
  const age = useFeedAge();
  if (!offline) return null;
  return (
    <p className="offline-banner" role="alert">
      <DisconnectOutlined /> {t('connection.banner', { age })}
    </p>
  );
}
