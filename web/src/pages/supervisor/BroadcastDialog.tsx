/** A line to all agents or to a team, and what was said this shift. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useReference } from '../../api/queries.ts';
import { usePending } from '../../feed/pending.ts';
import { useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { shortInstant } from '../../time/format.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useCommand } from '../../ui/useCommand.ts';

const KEY = 'broadcast';

export function BroadcastDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const command = useCommand();
  const reference = useReference();
  const lines = useFeed((state) => state.broadcasts);
  const sending = usePending(KEY);
  const [text, setText] = useState('');
  const [team, setTeam] = useState('');

  const send = async (): Promise<void> => {
    const said = text.trim();
    if (said === '' || sending) return;
    const newest = lines.at(-1)?.at ?? 0;
    const sent = await command({
      key: KEY,
      action: t('broadcast.title'),
      isSettled: ({ broadcasts }) => broadcasts.some((line) => line.at > newest && line.text === said),
      send: () => api.broadcast(said, team || null),
    });
    if (!sent) return;
    setText('');
    onClose();
  };

  return (
    <Dialog
      title={t('broadcast.title')}
      open={open}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--primary"
          data-testid="broadcast-send"
          data-pending={sending}
          disabled={sending || text.trim() === ''}
          onClick={() => void send()}
        >
          {t('broadcast.send')}
        </button>
      }
    >
      <label className="field-label" htmlFor="broadcast-team">
        {t('broadcast.to')}
      </label>
      <select id="broadcast-team" className="field" value={team} onChange={(event) => setTeam(event.target.value)}>
        <option value="">{t('broadcast.everybody')}</option>
        {Object.entries(reference?.teams ?? {}).map(([id, name]) => (
          <option key={id} value={id}>
            {localized(name, id)}
          </option>
        ))}
      </select>
      <label className="field-label broadcast__label" htmlFor="broadcast-text">
        {t('broadcast.text')}
      </label>
      <textarea
        id="broadcast-text"
        className="field"
        data-testid="broadcast-text"
        rows={3}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {lines.length > 0 && (
        <ul className="broadcast__sent" tabIndex={0} aria-label={t('broadcast.sent')}>
          {lines.toReversed().map((line) => (
            <li key={line.at}>
              <small>{`${shortInstant(line.at, serverNow())} ${line.by}`}</small> {line.text}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
