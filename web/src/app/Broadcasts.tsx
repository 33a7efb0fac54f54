/** Lines from who supervises, on every page of an agent until they say that they have read them. */

import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useFeed } from '../feed/store.ts';
import { shortInstant } from '../time/format.ts';
import { serverNow } from '../time/clock.ts';
import { NotificationOutlined } from '../ui/icons.ts';

/** Instant of the newest line that was read in this browser. */
const useRead = create<{ until: number }>()(
  persist<{ until: number }>(() => ({ until: 0 }), { name: 'cti.broadcasts' }),
);

export function Broadcasts() {
  const { t } = useTranslation();
  const read = useRead((state) => state.until);
  const lines = useFeed((state) => state.broadcasts);
  const unread = lines.filter(({ at }) => at > read);
  const newest = unread.at(-1);
  if (newest === undefined) return null;
  return (
    <section className="broadcasts" aria-label={t('broadcast.label')} aria-live="polite" data-testid="broadcasts">
      <ul>
        {unread.map(({ at, text, by }) => (
          <li key={at}>
            <NotificationOutlined /> <strong>{text}</strong> <small>{`${by} ${shortInstant(at, serverNow())}`}</small>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button button--small"
        data-testid="broadcast-read"
        onClick={() => useRead.setState({ until: newest.at })}
      >
        {t('broadcast.dismiss')}
      </button>
    </section>
  );
}
