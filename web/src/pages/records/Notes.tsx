/** Marks and comments on the record of a call, with who left them and when. */

import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallComment, type CallNotes, records, useReadAgain } from '../../api/records.ts';
import { useSession } from '../../api/session.ts';
import { clockDuration, dateTime } from '../../time/format.ts';
import { CheckCircleFilled, PlusOutlined } from '../../ui/icons.ts';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { MARKS } from './filters.ts';

interface Props {
  callId: string;
  notes: CallNotes;
  /** Seconds after the call's beginning at which the recording is heard; null: it is not. */
  heardAt: number | null;
  onSeek: (position: number) => void;
}

export function Notes({ callId, notes, heardAt, onSeek }: Props) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const readAgain = useReadAgain();
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await readAgain('notes');
      return true;
    } catch (problem) {
      showToast('error', problemText(problem));
      return false;
    }
  };
  return (
    <section className="notes" aria-label={t('records.notes.title')}>
      <h3>{t('records.notes.title')}</h3>
      <div className="notes__marks" role="group" aria-label={t('records.notes.marks')}>
        {MARKS.map((mark) => {
          const set = notes.marks.find((one) => one.mark === mark);
          return (
            <button
              key={mark}
              type="button"
              className="button button--small"
              aria-pressed={set !== undefined}
              data-testid={`mark-${mark}`}
              title={set && `${set.author} ${dateTime(set.at)}`}
              onClick={() => void act(() => (set ? records.unmark(callId, mark) : records.mark(callId, mark)))}
            >
              {set ? <CheckCircleFilled /> : <PlusOutlined />} {t(`mark.${mark}`)}
            </button>
          );
        })}
      </div>
      <ul className="notes__comments">
        {notes.comments.map((comment) => (
          <Comment key={comment.id} callId={callId} comment={comment} act={act} onSeek={onSeek} />
        ))}
      </ul>
      <CommentForm heardAt={heardAt} onSend={(text, position) => act(() => records.comment(callId, text, position))} />
    </section>
  );
}

interface CommentProps {
  callId: string;
  comment: CallComment;
  act: (work: () => Promise<unknown>) => Promise<boolean>;
  onSeek: (position: number) => void;
}

function Comment({ callId, comment, act, onSeek }: CommentProps) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [draft, setDraft] = useState<string | null>(null);
  const own = comment.user_id === user.id;
  const position = comment.position_s ?? null;
  const save = async (): Promise<void> => {
    if (draft !== null && (await act(() => records.changeComment(callId, comment, draft.trim())))) setDraft(null);
  };
  return (
    <li data-testid={`comment-${comment.id}`}>
      <header>
        <strong>{comment.author}</strong>
        <time>{dateTime(comment.at)}</time>
        {comment.edited_at !== null && <span className="quiet">{t('records.notes.edited')}</span>}
        {position !== null && (
          <button type="button" className="button button--small" onClick={() => onSeek(position)}>
            {t('records.notes.at', { position: clockDuration(position) })}
          </button>
        )}
        {own && draft === null && (
          <button type="button" className="button button--small button--quiet" onClick={() => setDraft(comment.text)}>
            {t('records.notes.edit')}
          </button>
        )}
        {(own || user.role === 'admin') && (
          <button
            type="button"
            className="button button--small button--quiet"
            data-testid={`remove-comment-${comment.id}`}
            onClick={() => void act(() => records.removeComment(callId, comment.id))}
          >
            {t('records.notes.remove')}
          </button>
        )}
      </header>
      {draft === null ? (
        <p>{comment.text}</p>
      ) : (
        <>
          <textarea
            className="field"
            aria-label={t('records.notes.text')}
            rows={2}
            maxLength={2000}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <p className="notes__actions">
            <button
              type="button"
              className="button button--small"
              disabled={draft.trim() === ''}
              onClick={() => void save()}
            >
              {t('records.notes.save')}
            </button>
            <button type="button" className="button button--small button--quiet" onClick={() => setDraft(null)}>
              {t('common.cancel')}
            </button>
          </p>
        </>
      )}
    </li>
  );
}

interface FormProps {
  heardAt: number | null;
  onSend: (text: string, position: number | null) => Promise<boolean>;
}

function CommentForm({ heardAt, onSend }: FormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [here, setHere] = useState(true);
  const [sending, setSending] = useState(false);
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setSending(true);
    if (await onSend(text.trim(), heardAt !== null && here ? Math.round(heardAt * 10) / 10 : null)) setText('');
    setSending(false);
  };
  return (
    <form className="notes__form" onSubmit={(event) => void send(event)}>
      <textarea
        className="field"
        aria-label={t('records.notes.text')}
        placeholder={t('records.notes.text')}
        data-testid="comment-text"
        rows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="notes__actions">
        {heardAt !== null && (
          <label>
            <input type="checkbox" checked={here} onChange={(event) => setHere(event.target.checked)} />{' '}
            {t('records.notes.here', { position: clockDuration(heardAt) })}
          </label>
        )}
        <button
          type="submit"
          className="button button--small"
          data-testid="comment-send"
          disabled={text.trim() === '' || sending}
        >
          {t('records.notes.send')}
        </button>
      </p>
    </form>
  );
}
