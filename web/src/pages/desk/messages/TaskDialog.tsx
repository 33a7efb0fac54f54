/** Asks something of a colleague, by a time if there is one. */

import { useTranslation } from 'react-i18next';
import { deskApi } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { InstantField, PersonField, Refusal, TextField } from '../form.tsx';
import { useSend } from '../useSend.ts';

interface Values {
  person: string;
  title: string;
  text: string;
  due_at: number | null;
}

export function TaskDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const { value, change, discard } = useDraft<Values>('task', { person: '', title: '', text: '', due_at: null });
  const { busy, problem, send } = useSend();
  const submit = async (): Promise<void> => {
    const { person, title, text, due_at } = value;
    const body = { to_user_id: Number(person), title: title.trim(), text: text.trim(), due_at };
    if (!(await send(() => deskApi.addTask(body)))) return;
    discard();
    readAgain('task');
    showToast('info', t('desk.messages.asked'));
    onClose();
  };
  return (
    <Dialog
      open
      title={t('desk.messages.newTask')}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--primary"
          data-pending={busy}
          disabled={busy || value.person === ''}
          data-testid="task-send"
          onClick={() => void submit()}
        >
          {t('desk.messages.newTask')}
        </button>
      }
    >
      <div className="desk-form">
        <PersonField
          accounts
          needed
          label={t('desk.messages.aPerson')}
          value={value.person}
          empty={t('desk.form.choose')}
          testId="task-person"
          onChange={(person) => change({ person })}
        />
        <InstantField label={t('desk.field.due_at')} value={value.due_at} onChange={(due_at) => change({ due_at })} />
        <TextField
          wide
          needed
          label={t('desk.field.title')}
          value={value.title}
          testId="task-title"
          onChange={(title) => change({ title })}
        />
        <TextField
          wide
          rows={3}
          label={t('desk.messages.text')}
          value={value.text}
          onChange={(text) => change({ text })}
        />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}
