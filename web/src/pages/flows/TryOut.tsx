/** Trying a flow before any caller does: its own tests, and a call walked by hand on a phone's keys. */

import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { CheckCircleFilled, CloseCircleFilled, PlayCircleFilled, SoundOutlined } from '../../ui/icons.ts';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { useProblemText } from '../../ui/useProblemText.ts';

type Changes = Record<string, string | null>;

interface Props {
  flow: string;
  changes: Changes;
}

export function TryOut({ flow, changes }: Props) {
  return (
    <div className="try-out">
      <Walk key={flow} flow={flow} changes={changes} />
      <Tests flow={flow} changes={changes} />
    </div>
  );
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const IN_QUEUE = ['timeout', 'no_agents', 'closed', 'agent_done'] as const;

function Walk({ flow, changes }: Props) {
  const { t } = useTranslation();
  const [deeds, setDeeds] = useState<string[]>([]);
  const end = useRef<HTMLLIElement>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['flow-walk', flow, changes, deeds],
    queryFn: () => api.walkFlow({ start: flow, does: deeds, changes }),
    placeholderData: (former) => former,
    retry: false,
    gcTime: 0,
  });
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [data]);
  const press = (deed: string): void => setDeeds((done) => [...done, deed]);
  const over = data?.ended !== '' && data !== undefined;

  return (
    <section
      className="panel walk"
      aria-label={t('flows.walk')}
      onKeyDown={(event) => {
        if (!over && KEYS.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) press(event.key);
      }}
    >
      <h2 className="panel__title">
        {t('flows.walk')}
        <button type="button" className="button button--small" onClick={() => setDeeds([])} data-testid="walk-again">
          {t('flows.ringAgain')}
        </button>
      </h2>
      <ol
        className="walk__heard"
        data-testid="walk-heard"
        tabIndex={0}
        aria-live="polite"
        aria-label={t('flows.heard')}
      >
        {isPending && <LoadingState />}
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.steps.map((step, index) => (
          <li key={index} ref={index === data.steps.length - 1 ? end : undefined}>
            {step.did !== '' && (
              <kbd>
                {IN_QUEUE.includes(step.did as never) || step.did === 'silence'
                  ? t(`flows.deeds.${step.did as 'silence'}`)
                  : step.did}
              </kbd>
            )}
            {step.visited.length > 0 && <small className="quiet">{step.visited.join(' → ')}</small>}
            {step.heard.map((text, at) => (
              <p key={at}>
                <SoundOutlined /> {text}
              </p>
            ))}
            {step.problem !== '' && <p className="walk__problem">{step.problem}</p>}
          </li>
        ))}
        {over && <li className="quiet">{t('flows.callEnded')}</li>}
      </ol>
      <div className="keypad" role="group" aria-label={t('flows.keypad')}>
        {KEYS.map((key) => (
          <button
            key={key}
            type="button"
            className="button keypad__key"
            disabled={over || error !== null}
            onClick={() => press(key)}
            data-testid={`key-${key}`}
          >
            {key}
          </button>
        ))}
      </div>
      <div className="walk__else">
        <button type="button" className="button button--small" disabled={over} onClick={() => press('silence')}>
          {t('flows.deeds.silence')}
        </button>
        {data?.queue !== '' &&
          data !== undefined &&
          IN_QUEUE.map((deed) => (
            <button key={deed} type="button" className="button button--small" onClick={() => press(deed)}>
              {t(`flows.deeds.${deed}`)}
            </button>
          ))}
      </div>
    </section>
  );
}

function Tests({ flow, changes }: Props) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const run = useMutation({ mutationFn: () => api.testFlows({ flow, changes }) });
  return (
    <section className="panel tests" aria-label={t('flows.tests')}>
      <h2 className="panel__title">
        {t('flows.tests')}
        <button
          type="button"
          className="button button--small"
          data-pending={run.isPending}
          onClick={() => run.mutate()}
          data-testid="run-tests"
        >
          <PlayCircleFilled /> {t('flows.runTests')}
        </button>
      </h2>
      <div className="tests__results" role="status">
        {run.error && <p className="walk__problem">{problemText(run.error)}</p>}
        {run.data?.results.length === 0 && <p className="quiet flows__note">{t('flows.noTests')}</p>}
        <ul>
          {run.data?.results.map((result) => (
            <li key={`${result.flow} ${result.name}`} data-testid="test-result" data-ok={result.problems.length === 0}>
              <span className="status" data-tone={result.problems.length === 0 ? 'ready' : 'danger'}>
                {result.problems.length === 0 ? <CheckCircleFilled /> : <CloseCircleFilled />} {result.name}
              </span>
              {result.problems.map((problem) => (
                <p key={problem} className="walk__problem">
                  {problem}
                </p>
              ))}
            </li>
          ))}
        </ul>
        {!run.data && !run.error && <p className="quiet flows__note">{t('flows.testsHint')}</p>}
      </div>
    </section>
  );
}
