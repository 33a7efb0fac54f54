/** A line to a colleague or to a unit. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { PersonField, Refusal, TextField, UnitField } from '../form.tsx';
import { useSend } from '../useSend.ts';

export function MessageDialog({ userId = null, onClose }: { userId?: number | null; onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const [person, setPerson] = useState(userId === null ? '' : String(userId));
  const [unit, setUnit] = useState('');
  const { value, change, discard } = useDraft(`message:${userId ?? ''}`, { text: '' });
  const { busy, problem, send } = useSend();
  const submit = async (): Promise<void> => {
    const body = { text: value.text.trim(), user_id: person === '' ? null : Number(person), unit_id: unit };
    if (!(await send(() => deskApi.sendMessage(body)))) return;
    discard();
    readAgain('notice');
    showToast('info', t('desk.messages.sent'));
    onClose();
  };
  return (
    <Dialog
      open
      title={t('desk.messages.newMessage')}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--primary"
          data-pending={busy}
          disabled={busy}
          data-testid="message-send"
          onClick={() => void submit()}
        >
          {t('desk.messages.send')}
        </button>
      }
    >
      <div className="desk-form">
        <PersonField
          accounts
          label={t('desk.messages.aPerson')}
          value={person}
          empty="–"
          testId="message-person"
          onChange={(chosen) => {
            setPerson(chosen);
            if (chosen !== '') setUnit('');
          }}
        />
        <UnitField
          label={t('desk.messages.aUnit')}
          value={unit}
          empty="–"
          testId="message-unit"
          onChange={(chosen) => {
            setUnit(chosen);
            if (chosen !== '') setPerson('');
          }}
        />
        <TextField
          wide
          needed
          rows={4}
          label={t('desk.messages.text')}
          value={value.text}
          testId="message-text"
          onChange={(text) => change({ text })}
        />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}
