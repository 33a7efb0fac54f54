/** Notices as sentences; one that is opened counts as read. */

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deskApi, type NoticeRow } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { inLanguage } from '../../../i18n/words.ts';
import type { Localized } from '../../../api/types.ts';
import { serverNow } from '../../../time/clock.ts';
import { shortInstant } from '../../../time/format.ts';
import { CheckOutlined } from '../../../ui/icons.ts';
import { useDeskWord } from '../words.ts';

export function useNoticeText(): (notice: NoticeRow) => string {
  const { t, i18n } = useTranslation();
  const word = useDeskWord();
  return ({ kind, params, sender }) => {
    const words: Record<string, unknown> = { ...params, sender };
    if (typeof params.stage === 'string') words.stage = word('stage', params.stage);
    if (kind === 'board_alert') words.alert = inLanguage(words.name as Localized, i18n.language);
    if (i18n.exists(`desk.notice.${kind}`)) return word('notice', kind, words);
    if (kind.startsWith('order_')) {
      const named = { ...words, action: word('action', kind.slice('order_'.length)) };
      return word('notice', sender && sender !== 'system' ? 'orderBy' : 'order', named);
    }
    return t('error.unknown', { code: kind });
  };
}

interface Props {
  notices: NoticeRow[];
  addressOf: (orderId: number) => string;
}

export function NoticeList({ notices, addressOf }: Props) {
  const { t } = useTranslation();
  const text = useNoticeText();
  const readAgain = useReadAgain();
  const read = (ids: number[]): void => {
    // Best effort: a notice that stays unread is only shown once more.
    deskApi.markRead(ids).then(
      () => readAgain('notice'),
      () => undefined,
    );
  };
  return (
    <ul className="desk-notices">
      {notices.map((notice) => (
        <li key={notice.id} data-read={notice.read} data-testid={`notice-${notice.kind}`}>
          <span>
            {notice.order_id === null ? (
              text(notice)
            ) : (
              <Link to={addressOf(notice.order_id)} onClick={() => !notice.read && read([notice.id])}>
                {text(notice)}
              </Link>
            )}
            {typeof notice.params.text === 'string' && notice.params.text !== '' && notice.kind !== 'message' && (
              <small className="quiet">{notice.params.text}</small>
            )}
          </span>
          <time>{shortInstant(notice.created_at, serverNow())}</time>
          {!notice.read && (
            <button
              type="button"
              className="icon-button"
              aria-label={t('desk.messages.markAll')}
              onClick={() => read([notice.id])}
            >
              <CheckOutlined />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
