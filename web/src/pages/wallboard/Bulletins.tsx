/** Outages, repairs and notices that hold now or come soon: one line each. */

import { useTranslation } from 'react-i18next';
import { useBoardBulletins } from '../../api/boards.ts';
import { dateTime } from '../../time/format.ts';
import { NotificationOutlined } from '../../ui/icons.ts';

const MOST = 4;

export function Bulletins({ screen }: { screen: boolean }) {
  const { t } = useTranslation();
  const { data = [] } = useBoardBulletins(screen);
  if (data.length === 0) return null;
  return (
    <section className="wb-bulletins panel" aria-labelledby="wb-bulletins-title">
      <h2 className="visually-hidden" id="wb-bulletins-title">
        {t('wallboard.bulletins')}
      </h2>
      <ul>
        {data.slice(0, MOST).map((one) => (
          <li key={`${one.title} ${String(one.starts_at)}`} data-kind={one.kind}>
            <NotificationOutlined /> <b>{one.title}</b> <span className="wb-quiet">{one.text}</span>
            <span className="wb-bulletins__until">{t('wallboard.until', { at: dateTime(one.ends_at) })}</span>
          </li>
        ))}
      </ul>
      {data.length > MOST && <p className="wb-quiet">{t('wallboard.moreBulletins', { count: data.length - MOST })}</p>}
    </section>
  );
}
