/** Taking or refusing the call that rings in this browser. */

import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../hotkeys/useHotkeys.ts';
import { PhoneFilled, StopOutlined } from '../ui/icons.ts';
import { answerCall, rejectCall } from './browserPhone.ts';
import { usePhone } from './phoneStore.ts';

export function PhoneAnswer() {
  const { t } = useTranslation();
  const ringing = usePhone((state) => state.state === 'ringing');
  useHotkeys({ answer: () => ringing && answerCall(), reject: () => ringing && rejectCall() });
  if (!ringing) return null;
  return (
    <span className="phone__ringing">
      <button type="button" className="button phone__answer" data-testid="answer" title="Alt A" onClick={answerCall}>
        <PhoneFilled /> {t('phone.answer')}
      </button>
      <button type="button" className="button" data-testid="reject" title="Alt F" onClick={rejectCall}>
        <StopOutlined /> {t('phone.reject')}
      </button>
    </span>
  );
}
