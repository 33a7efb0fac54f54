/** Who asks for help, to whom one is listening and how, with which phone; a line to everybody. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { api } from '../../api/client.ts';
import type { HelpView, WatchMode, WatchView } from '../../api/types.ts';
import { usePending } from '../../feed/pending.ts';
import { useAgent, useFeed } from '../../feed/store.ts';
import { AlertFilled, CustomerServiceFilled, NotificationOutlined, PhoneFilled } from '../../ui/icons.ts';
import { Timer } from '../../ui/Timer.tsx';
import { useCommand } from '../../ui/useCommand.ts';
import { BroadcastDialog } from './BroadcastDialog.tsx';
import { useListeningPhone, useOwnWatches, useWatching } from './useWatch.ts';

const MODES: readonly WatchMode[] = ['listen', 'whisper', 'barge'];

export function FloorBar() {
  const { t } = useTranslation();
  const [writing, setWriting] = useState(false);
  const watches = useOwnWatches();
  const helps = useFeed(useShallow((state) => Object.values(state.helps)));
  return (
    <section className="floor-bar panel" aria-label={t('watch.bar')}>
      <ul className="floor-bar__helps" aria-live="polite" aria-label={t('help.title')}>
        {helps.map((asked) => (
          <Help key={asked.agent_id} asked={asked} />
        ))}
      </ul>
      {watches.map((watch) => (
        <Watching key={watch.id} watch={watch} />
      ))}
      {helps.length === 0 && watches.length === 0 && <span className="quiet">{t('watch.none')}</span>}
      <span className="floor-bar__gap" />
      <ListeningPhone />
      <button type="button" className="button button--small" data-testid="broadcast" onClick={() => setWriting(true)}>
        <NotificationOutlined /> {t('broadcast.title')}
      </button>
      <BroadcastDialog open={writing} onClose={() => setWriting(false)} />
    </section>
  );
}

function Help({ asked }: { asked: HelpView }) {
  const { t } = useTranslation();
  const agent = useAgent(asked.agent_id);
  const command = useCommand();
  const { begin, pending } = useWatching();
  const key = `answer-help:${asked.agent_id}`;
  const answering = usePending(key);
  const open = asked.state === 'asked';
  const answer = (): void => {
    void command({
      key,
      action: t('help.answer'),
      isSettled: ({ helps }) => helps[asked.agent_id]?.state !== 'asked',
      send: () => api.answerHelp(asked.agent_id),
    });
  };
  return (
    <li className="floor-help" data-tone={open ? 'danger' : 'neutral'} data-testid={`help-${asked.agent_id}`}>
      <AlertFilled />
      <strong>{t(open ? 'help.asks' : 'help.isHelped', { name: agent?.name ?? asked.agent_id, by: asked.by })}</strong>
      {asked.text && <span>{asked.text}</span>}
      <Timer since={asked.at} />
      {open && (
        <>
          <button
            type="button"
            className="button button--small"
            data-testid="help-whisper"
            disabled={pending}
            onClick={() => void begin(asked.agent_id, 'whisper')}
          >
            {t('watch.whisper')}
          </button>
          <button
            type="button"
            className="button button--small"
            data-testid="help-answer"
            data-pending={answering}
            disabled={answering}
            onClick={answer}
          >
            {t('help.answer')}
          </button>
        </>
      )}
    </li>
  );
}

function Watching({ watch }: { watch: WatchView }) {
  const { t } = useTranslation();
  const agent = useAgent(watch.agent_id);
  const { change, end, pending } = useWatching();
  const state = watch.state === 'ringing' ? 'ringing' : watch.hears ? 'hears' : 'between';
  return (
    <div className="watching" data-tone="talking" data-testid="watching" data-mode={watch.mode} data-state={state}>
      <CustomerServiceFilled />
      <strong>{t('watch.of', { name: agent?.name ?? watch.agent_id })}</strong>
      <span>{t(`watch.state.${state}`)}</span>
      <Timer since={watch.since} />
      <span className="watching__modes" role="group" aria-label={t('watch.how')}>
        {MODES.map((mode) => (
          <button
            key={mode}
            type="button"
            className="button button--small"
            data-testid={`mode-${mode}`}
            aria-pressed={mode === watch.mode}
            title={t(`watch.hint.${mode}`)}
            disabled={pending}
            onClick={() => void change(watch, mode)}
          >
            {t(`watch.${mode}`)}
          </button>
        ))}
      </span>
      <button
        type="button"
        className="button button--small button--outline-danger"
        data-testid="watch-end"
        disabled={pending}
        onClick={() => void end(watch)}
      >
        {t('watch.end')}
      </button>
    </div>
  );
}

/** Every phone of ours may be the one that is rung: those that are there come with their agents' names. */
function ListeningPhone() {
  const { t } = useTranslation();
  const [phone, choose] = useListeningPhone();
  const phones = useFeed(
    useShallow((state) =>
      Object.values(state.agents)
        .filter((agent) => agent.phone !== 'unreachable' || agent.extension === phone)
        .map((agent) => `${agent.extension} ${agent.name}`)
        .sort(),
    ),
  );
  return (
    <label className="floor-bar__phone">
      <PhoneFilled /> {t('watch.phone')}
      <select
        className="field"
        data-testid="listening-phone"
        value={phone}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{t('watch.choosePhone')}</option>
        {phones.map((text) => (
          <option key={text} value={text.split(' ')[0]}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
