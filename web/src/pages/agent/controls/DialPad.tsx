/** Click to dial: a number or a colleague's number, with the number that the other side is to see; redial. */

import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTargets } from '../../../api/queries.ts';
import { useSession } from '../../../api/session.ts';
import type { AgentView } from '../../../api/types.ts';
import { useHotkeys } from '../../../hotkeys/useHotkeys.ts';
import { NumberOutlined, PhoneFilled, RedoOutlined, TeamOutlined } from '../../../ui/icons.ts';
import { Keypad } from './Keypad.tsx';
import { useLastDialled } from './lastDialled.ts';
import { useDial } from './useDial.ts';

export function DialPad({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { dial, conference, possible, pending } = useDial(agent);
  const last = useLastDialled(user.id);
  const [number, setNumber] = useState('');
  const [shown, setShown] = useState('');
  const [pad, setPad] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const targets = useTargets({ wanted: possible }).data;
  const ours = targets?.shown_numbers ?? [];

  useHotkeys({ dial: () => field.current?.focus(), redial: () => void dial(last, shown) });

  return (
    <section className="dial panel" aria-label={t('dial.title')}>
      <form
        className="dial__row"
        onSubmit={(event) => {
          event.preventDefault();
          void dial(number, shown).then(() => setNumber(''));
        }}
      >
        <input
          ref={field}
          className="field"
          type="tel"
          data-testid="dial-number"
          aria-label={t('dial.number')}
          placeholder={t('dial.number')}
          title="Alt B"
          maxLength={32}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={t('controls.keypad')}
          title={t('controls.keypad')}
          aria-expanded={pad}
          onClick={() => setPad(!pad)}
        >
          <NumberOutlined />
        </button>
        <button
          type="submit"
          className="button button--primary"
          data-testid="dial"
          data-pending={pending}
          disabled={!possible || pending || number.trim() === ''}
        >
          <PhoneFilled /> {t('dial.dial')}
        </button>
      </form>
      {pad && <Keypad label={t('dial.title')} onKey={(key) => setNumber((before) => before + key)} />}
      <div className="dial__row">
        <button
          type="button"
          className="button button--small"
          data-testid="redial"
          disabled={!possible || pending || last === ''}
          title={[last, 'Alt D'].filter(Boolean).join(' · ')}
          onClick={() => void dial(last, shown)}
        >
          <RedoOutlined /> {t('dial.redial')}
        </button>
        <button
          type="button"
          className="button button--small"
          data-testid="conference-start"
          disabled={!possible || pending}
          title={t('dial.conferenceHint')}
          onClick={conference}
        >
          <TeamOutlined /> {t('dial.conference')}
        </button>
        {ours.length > 1 && (
          <select
            className="field dial__shown"
            aria-label={t('targets.shown')}
            title={t('targets.shown')}
            value={shown || ours[0]}
            onChange={(event) => setShown(event.target.value)}
          >
            {ours.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </div>
    </section>
  );
}
