/** Somebody is asked while the caller waits: both sides with their timers, and the four ways to go on. */

import { useTranslation } from 'react-i18next';
import type { ConsultChoice, LiveCallView, PartyView } from '../../../api/types.ts';
import { usePending } from '../../../feed/pending.ts';
import { useHotkeys } from '../../../hotkeys/useHotkeys.ts';
import { useCodeWord } from '../../../i18n/words.ts';
import {
  CheckOutlined,
  CloseOutlined,
  CustomerServiceFilled,
  LoadingOutlined,
  PauseCircleFilled,
  SwapOutlined,
  TeamOutlined,
} from '../../../ui/icons.ts';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { Timer } from '../../../ui/Timer.tsx';
import { type CallActions, controlKey } from './useCallActions.ts';
import { usePartyName } from './usePartyName.ts';

interface Props {
  call: LiveCallView;
  party: PartyView;
  actions: CallActions;
}

export function ConsultPanel({ call, party, actions }: Props) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const partyName = usePartyName();
  const pending = usePending(controlKey('consult-choice', call.id));
  const answered = party.state === 'joined';
  const withCaller = call.consult === 'caller';

  const choose = (choice: ConsultChoice) => (): void => {
    if (pending || ((choice === 'swap' || choice === 'merge') && !answered)) return;
    void actions.choose(choice, call.consult);
  };
  useHotkeys({
    consultSwap: choose('swap'),
    consultMerge: choose('merge'),
    consultComplete: choose('complete'),
    consultCancel: choose('cancel'),
  });

  return (
    <section
      className="consult panel"
      aria-label={t('consult.label')}
      data-testid="consult-panel"
      data-state={party.state}
    >
      <div className="consult__sides">
        <div className="consult__side" data-tone={withCaller ? 'talking' : 'break'} data-testid="consult-caller">
          {withCaller ? <CustomerServiceFilled /> : <PauseCircleFilled />}
          <span>
            <strong>{call.caller_number ? <PhoneNumber number={call.caller_number} /> : t('pop.anonymous')}</strong>
            <small>{t(withCaller ? 'consult.speaking' : 'consult.waiting')}</small>
          </span>
          <Timer since={call.started_at} />
        </div>
        <div
          className="consult__side"
          data-tone={!answered ? 'ringing' : withCaller ? 'break' : 'talking'}
          data-testid="consult-party"
        >
          {!answered ? <LoadingOutlined /> : withCaller ? <PauseCircleFilled /> : <CustomerServiceFilled />}
          <span>
            <strong>{partyName(party)}</strong>
            <small>
              {answered ? t(withCaller ? 'consult.waiting' : 'consult.speaking') : codeWord('partyState', party.state)}
            </small>
          </span>
          <Timer since={party.since} />
        </div>
      </div>
      <div className="consult__ways" role="group" aria-label={t('consult.ways')}>
        <button
          type="button"
          className="button button--primary"
          data-testid="consult-complete"
          disabled={pending}
          data-pending={pending}
          title={`${t('consult.completeHint')} · Alt V`}
          onClick={choose('complete')}
        >
          <CheckOutlined /> {t('consult.complete')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="consult-swap"
          disabled={pending || !answered}
          title={`${t('consult.swapHint')} · Alt W`}
          onClick={choose('swap')}
        >
          <SwapOutlined /> {t('consult.swap')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="consult-merge"
          disabled={pending || !answered}
          title={`${t('consult.mergeHint')} · Alt X`}
          onClick={choose('merge')}
        >
          <TeamOutlined /> {t('consult.merge')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="consult-cancel"
          disabled={pending}
          title={`${t('consult.cancelHint')} · Alt Z`}
          onClick={choose('cancel')}
        >
          <CloseOutlined /> {t('consult.cancel')}
        </button>
      </div>
    </section>
  );
}
