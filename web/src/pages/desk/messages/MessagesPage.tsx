/** Working together (协同): notices to the person, the own units and duties; small tasks between colleagues. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type TaskRow } from '../../../api/desk.ts';
import { useNotices, useReadAgain, useTasks } from '../../../api/deskQueries.ts';
import { useSession } from '../../../api/session.ts';
import { dateTime } from '../../../time/format.ts';
import { MessageOutlined, PlusOutlined } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { CheckField, Refusal } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { MessageDialog } from './MessageDialog.tsx';
import { NoticeList } from './NoticeList.tsx';
import { TaskDialog } from './TaskDialog.tsx';

export function MessagesPage() {
  return (
    <div className="desk-columns desk-columns--halves">
      <Notices />
      <Tasks />
    </div>
  );
}

function Notices() {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const [unreadOnly, setUnreadOnly] = useState(false);
  const [writing, setWriting] = useState(false);
  const { data, error, isPending, refetch } = useNotices(unreadOnly);
  const unread = data?.filter(({ read }) => !read).map(({ id }) => id) ?? [];
  const { busy, send } = useSend();
  return (
    <section className="panel" aria-label={t('desk.messages.notices')}>
      <h2 className="panel__title">
        {t('desk.messages.notices')}
        <button
          type="button"
          className="button button--small"
          data-testid="new-message"
          onClick={() => setWriting(true)}
        >
          <MessageOutlined /> {t('desk.messages.newMessage')}
        </button>
      </h2>
      <div className="desk-bar">
        <CheckField label={t('desk.messages.unreadOnly')} value={unreadOnly} onChange={setUnreadOnly} />
        <span className="desk-bar__gap" />
        <button
          type="button"
          className="button button--small"
          disabled={unread.length === 0 || busy}
          onClick={() =>
            void send(async () => {
              await deskApi.markRead(unread);
              readAgain('notice');
            })
          }
        >
          {t('desk.messages.markAll')}
        </button>
      </div>
      <div className="desk-part">
        {isPending && <LoadingState />}
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && <EmptyState text={t('desk.messages.none')} />}
        {data && <NoticeList notices={data} addressOf={(order) => `/desk/orders/${order}`} />}
      </div>
      {writing && <MessageDialog onClose={() => setWriting(false)} />}
    </section>
  );
}

function Tasks() {
  const { t } = useTranslation();
  const [ended, setEnded] = useState(false);
  const [asking, setAsking] = useState(false);
  const { data, error, isPending, refetch } = useTasks(ended);
  return (
    <section className="panel" aria-label={t('desk.messages.tasks')}>
      <h2 className="panel__title">
        {t('desk.messages.tasks')}
        <button type="button" className="button button--small" data-testid="new-task" onClick={() => setAsking(true)}>
          <PlusOutlined /> {t('desk.messages.newTask')}
        </button>
      </h2>
      <div className="desk-bar">
        <CheckField label={t('desk.messages.ended')} value={ended} onChange={setEnded} />
      </div>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState text={t('desk.messages.noTasks')} />}
      <ul className="desk-cards">
        {data?.map((task) => (
          <Task key={task.id} task={task} />
        ))}
      </ul>
      {asking && <TaskDialog onClose={() => setAsking(false)} />}
    </section>
  );
}

const TASK_TONE: Record<string, string> = { open: 'ringing', done: 'ready', declined: 'neutral' };

function Task({ task }: { task: TaskRow }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const readAgain = useReadAgain();
  const [answer, setAnswer] = useState('');
  const { busy, problem, send } = useSend(() => readAgain('task'));
  const mine = task.to_user_id === user.id;
  const end = async (state: 'done' | 'declined'): Promise<void> => {
    if (await send(() => deskApi.endTask(task.id, { state, answer: answer.trim() }))) readAgain('task', 'notice');
  };
  return (
    <li className="desk-card" data-testid={`task-${task.id}`}>
      <div className="desk-card__what">
        <span className="desk-card__line">
          <strong>{task.title}</strong>
          <span className="desk-mark" data-tone={TASK_TONE[task.state]}>
            {t(`desk.messages.taskState_${task.state as 'open' | 'done' | 'declined'}`)}
          </span>
        </span>
        {task.text !== '' && <span className="desk-text">{task.text}</span>}
        <small className="quiet">
          {mine ? t('desk.messages.from', { name: task.from_name }) : t('desk.messages.mine', { name: task.to_name })}
          {task.due_at !== null && ` · ${t('desk.messages.due', { at: dateTime(task.due_at) })}`}
          {task.answer !== '' && ` · ${t('desk.messages.answer')}: ${task.answer}`}
        </small>
        {mine && task.state === 'open' && (
          <span className="desk-card__line">
            <input
              className="field desk-answer"
              value={answer}
              aria-label={`${t('desk.messages.answer')} ${task.title}`}
              placeholder={t('desk.messages.answer')}
              onChange={(event) => setAnswer(event.target.value)}
            />
            <button
              type="button"
              className="button button--small button--primary"
              disabled={busy}
              data-testid="task-done"
              onClick={() => void end('done')}
            >
              {t('desk.messages.done')}
            </button>
            <button type="button" className="button button--small" disabled={busy} onClick={() => void end('declined')}>
              {t('desk.messages.decline')}
            </button>
          </span>
        )}
        <Refusal text={problem} />
      </div>
    </li>
  );
}
