import { CloseOutlined } from '../../ui/icons.ts';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useDecisions, useReference } from '../../api/queries.ts';
import { type CallComment, useNotes } from '../../api/records.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import type { CallDetails } from '../../api/types.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { clockDuration, dateTimeSeconds, timeOfDay } from '../../time/format.ts';
import { Decisions } from '../../ui/Decisions.tsx';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { OutcomeBadge } from './CallList.tsx';
import { Notes } from './Notes.tsx';
import { Recording } from './Recording.tsx';
import { StoryPicture } from './StoryPicture.tsx';

export function CallDetail({ callId, onClose }: { callId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { data: call, error, isPending, refetch } = useCall(callId);
  return (
    <section className="records__detail panel" aria-label={t('records.detail')} data-testid="call-detail">
      <header className="detail__head">
        <h2>
          {call?.caller_number ? <PhoneNumber number={call.caller_number} /> : t('records.detail')}
          {call && <OutcomeBadge outcome={call.outcome} />}
        </h2>
        <button type="button" className="icon-button" aria-label={t('common.close')} onClick={onClose}>
          <CloseOutlined />
        </button>
      </header>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {call && <Course call={call} />}
    </section>
  );
}

const NO_COMMENTS: CallComment[] = [];

function Course({ call }: { call: CallDetails }) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const localized = useLocalized();
  const { user, agent } = useSession();
  const mayNote = maySupervise(user.role) || (agent !== null && call.agent?.id === agent.id);
  const { data: notes } = useNotes(call.id, mayNote);
  const [heard, setHeard] = useState(0);
  const [seek, setSeek] = useState<((instant: number) => void) | null>(null);
  // A function in a state is taken for an update of the state: it is wrapped.
  const open = useCallback((next: ((instant: number) => void) | null) => setSeek(() => next), []);
  const reference = useReference();
  const queue = reference?.queues.find(({ id }) => id === call.queue_id);
  const disposition = reference?.dispositions.find(({ code }) => code === call.disposition);
  return (
    <div className="detail__body" tabIndex={0} role="region" aria-label={t('records.particulars')}>
      <dl className="detail__facts">
        <Fact label={t('records.startedAt')}>{dateTimeSeconds(call.started_at)}</Fact>
        <Fact label={t('records.customer')}>{call.customer?.name ?? '–'}</Fact>
        <Fact label={t('records.queue')}>{localized(queue?.name, call.queue_id) || '–'}</Fact>
        <Fact label={t('records.agent')}>{call.agent ? `${call.agent.name} ${call.agent.number}` : '–'}</Fact>
        <Fact label={t('records.disposition')}>{localized(disposition?.name, call.disposition) || '–'}</Fact>
        <Fact label={t('records.endedBy')}>{codeWord('endedBy', call.ended_by) || '–'}</Fact>
        <Fact label={t('records.direction')}>{codeWord('direction', call.direction ?? 'inbound')}</Fact>
        <Fact label={t('records.dialled')}>{call.dialled || '–'}</Fact>
        <Fact label={t('records.lengths')}>
          {[call.waited_ms, call.talk_ms, call.hold_ms, call.wrap_up_ms ?? 0]
            .map((ms) => clockDuration(ms / 1000))
            .join(' / ')}
        </Fact>
      </dl>
      {call.note && <p className="detail__note">{call.note}</p>}
      <StoryPicture
        call={call}
        comments={notes?.comments ?? NO_COMMENTS}
        heard={seek === null ? null : heard}
        onSeek={(instant) => seek?.(instant)}
      />
      {notes && (
        <Notes
          callId={call.id}
          notes={notes}
          heardAt={seek === null ? null : Math.max(0, heard - call.started_at)}
          onSeek={(position) => seek?.(call.started_at + position)}
        />
      )}
      <h3>{t('records.recording')}</h3>
      {call.recordings.map((recording) => (
        <Recording
          key={recording.id}
          recording={recording}
          stretches={call.segments}
          onHeard={setHeard}
          onOpen={open}
        />
      ))}
      {call.recordings.length === 0 && <p className="quiet">{t('records.noRecording')}</p>}
      {call.offers.length > 0 && (
        <>
          <h3>{t('records.offers')}</h3>
          <ul className="detail__rows">
            {call.offers.map((offer) => (
              <li key={`${offer.agent.id}:${offer.started_at}`}>
                <time>{timeOfDay(offer.started_at)}</time>
                <span>
                  {offer.agent.name} {offer.agent.number}
                </span>
                <span>
                  {codeWord('offerOutcome', offer.outcome)}
                  {offer.cause !== '' && ` · ${codeWord('refusal', offer.cause)}`}
                </span>
                <span className="quiet">
                  {offer.ended_at !== null && clockDuration(offer.ended_at - offer.started_at)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {maySupervise(user.role) && <Decided callId={call.id} />}
      {call.path.length > 0 && (
        <>
          <h3>{t('records.path')}</h3>
          <ul className="detail__rows">
            {call.path.map((step) => (
              <li key={`${step.node}:${step.at}`}>
                <time>{timeOfDay(step.at)}</time>
                <span>{localized(reference?.nodes[step.flow]?.[step.node], step.node)}</span>
                <span className="quiet">{step.flow}</span>
              </li>
            ))}
            {call.inputs.map((input) => (
              <li key={`${input.variable}:${input.at}`}>
                <time>{timeOfDay(input.at)}</time>
                <span>
                  {t('records.inputs')} {codeWord('entered', input.variable)}
                </span>
                <strong>{input.value}</strong>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** The decision log, for who supervises. */
function Decided({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const { data } = useDecisions(callId);
  if (data === undefined || data.length === 0) return null;
  return (
    <>
      <h3>{t('explain.decisions')}</h3>
      <Decisions decisions={data} />
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
