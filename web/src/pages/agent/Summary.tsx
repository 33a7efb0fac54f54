/** The call's summary: category and note, saved as they are typed, and the time that is left for them. */

import { CheckOutlined, FormOutlined, SaveOutlined } from '../../ui/icons.ts';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useReference } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import type { AgentView, ScreenPop } from '../../api/types.ts';
import { usePending } from '../../feed/pending.ts';
import { useHotkeys } from '../../hotkeys/useHotkeys.ts';
import { useLocalized } from '../../i18n/words.ts';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { changeDraft, draftKey, hasContent, useDrafts } from './drafts.ts';
import type { FormCall } from './formTarget.ts';
import { EXTENSION_S, useWrapUp, WrapUpTimer } from './WrapUp.tsx';
import { wrapUpRules } from './wrapUpRules.ts';

interface Props {
  agent: AgentView;
  call: FormCall;
  pop: ScreenPop | null;
  onSwitch: (call: FormCall) => void;
}

export function Summary({ agent, call, pop, onSwitch }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const problemText = useProblemText();
  const reference = useReference();
  const key = draftKey(useSession().user.id, call.callId);
  const draft = useDrafts(({ drafts }) => drafts[key]);
  const note = useRef<HTMLTextAreaElement>(null);
  const [sending, setSending] = useState(false);
  const [complaint, setComplaint] = useState('');
  const wrapUp = useWrapUp(agent);
  const inWrapUp = agent.activity === 'wrap_up' && agent.call_id === call.callId;
  const rules = wrapUpRules(agent, draft?.sent === true);
  const finishing = usePending(wrapUp.finishKey);
  const dispositions = reference?.dispositions ?? [];

  const change = (part: { code?: string; note?: string }): void => {
    setComplaint('');
    changeDraft(key, call.number, part);
  };

  const submit = async (): Promise<boolean> => {
    const mustChoose = inWrapUp && rules.needsDisposition;
    if (!mustChoose && (!draft || !hasContent(draft))) return true;
    if (!draft || draft.code === '') {
      setComplaint(t('wrapUp.needDisposition'));
      return false;
    }
    setSending(true);
    try {
      await api.chooseDisposition(call.callId, draft.code, draft.note.trim());
      changeDraft(key, call.number, { sent: true });
      return true;
    } catch (error) {
      showToast('error', problemText(error));
      return false;
    } finally {
      setSending(false);
    }
  };

  const finish = async (): Promise<void> => {
    if (sending || finishing) return;
    // A category that was waited for ends the wrap-up by itself; a fixed time is not ended by anybody.
    const { mayFinish } = rules;
    if ((await submit()) && inWrapUp && mayFinish) await wrapUp.finish();
  };

  useHotkeys({
    note_field: () => note.current?.focus(),
    disposition: ({ digit = 0 }) => {
      const chosen = dispositions[digit - 1];
      if (chosen) change({ code: chosen.code });
    },
    finish: () => void finish(),
    extend: () => inWrapUp && rules.mayExtend && wrapUp.extend(),
  });

  const otherPop = pop !== null && pop.call_id !== call.callId ? pop : null;
  return (
    <form
      className="summary panel"
      aria-labelledby="summary-title"
      data-summary-form
      data-tone="wrap_up"
      data-active={inWrapUp}
      onSubmit={(event) => {
        event.preventDefault();
        void finish();
      }}
    >
      <h2 className="panel__title" id="summary-title">
        <span>
          <FormOutlined /> {t('wrapUp.title')} ·{' '}
          {call.number ? <PhoneNumber number={call.number} /> : t('pop.anonymous')}
        </span>
        {inWrapUp && agent.wrap_up_until !== null && (
          <WrapUpTimer since={agent.activity_since} until={agent.wrap_up_until} />
        )}
      </h2>
      {otherPop && (
        <p className="summary__other" data-tone="ringing">
          {t('wrapUp.otherCall', { number: call.number || t('pop.anonymous') })}
          <button
            type="button"
            className="button button--small"
            onClick={() => onSwitch({ callId: otherPop.call_id, number: otherPop.caller_number })}
          >
            {t('wrapUp.switchCall')}
          </button>
        </p>
      )}
      <fieldset className="dispositions" data-testid="disposition-select">
        <legend className="visually-hidden">{t('wrapUp.disposition')}</legend>
        {dispositions.map(({ code, name }, index) => (
          <label key={code} className="disposition" data-testid={`disposition-${code}`}>
            <input
              type="radio"
              name={`disposition-${call.callId}`}
              value={code}
              checked={draft?.code === code}
              onChange={() => change({ code })}
            />
            {index < 9 && <span className="disposition__digit">{index + 1}</span>}
            {localized(name, code)}
          </label>
        ))}
      </fieldset>
      <label className="summary__note">
        <span className="visually-hidden">{t('wrapUp.note')}</span>
        <textarea
          ref={note}
          className="field"
          data-testid="summary-note"
          placeholder={t('wrapUp.notePlaceholder')}
          maxLength={4000}
          value={draft?.note ?? ''}
          onChange={(event) => change({ note: event.target.value })}
        />
      </label>
      <footer className="summary__foot">
        <span className="summary__saved" role="status">
          {complaint && <span className="summary__complaint">{complaint}</span>}
          {!complaint && inWrapUp && rules.hint && <span data-testid="wrapup-rule">{t(`wrapUp.${rules.hint}`)} </span>}
          {!complaint && draft?.sent && (
            <>
              <CheckOutlined /> {t('wrapUp.sent')}
            </>
          )}
          {!complaint && hasContent(draft) && (
            <>
              <SaveOutlined /> {t('wrapUp.saved')}
            </>
          )}
        </span>
        <button
          type="button"
          className="button"
          data-testid="wrapup-extend"
          data-pending={wrapUp.extending}
          disabled={!inWrapUp || !rules.mayExtend || wrapUp.extending}
          title="Alt E"
          onClick={wrapUp.extend}
        >
          {t('wrapUp.extend', { count: EXTENSION_S })}
        </button>
        <button
          type="submit"
          className="button button--primary"
          data-testid={inWrapUp ? 'wrapup-finish' : 'summary-submit'}
          data-pending={sending || finishing}
          disabled={sending || finishing || ((!inWrapUp || rules.hint === 'fixedHint') && !hasContent(draft))}
          title="Alt Enter"
        >
          {t(inWrapUp && rules.hint !== 'fixedHint' ? 'wrapUp.finish' : 'wrapUp.finishDuringCall')}
        </button>
      </footer>
    </form>
  );
}
