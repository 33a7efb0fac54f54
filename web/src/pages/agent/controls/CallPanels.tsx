/** What stands open between the call bar and the caller's card: keypad, pieces, targets; consult and conference. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTargets } from '../../../api/queries.ts';
import type { AgentView, LiveCallView } from '../../../api/types.ts';
import { CloseOutlined, PlayCircleFilled, StopOutlined } from '../../../ui/icons.ts';
import type { OpenPanel } from './CallTools.tsx';
import { ConferenceList } from './ConferenceList.tsx';
import { ConsultPanel } from './ConsultPanel.tsx';
import { Keypad } from './Keypad.tsx';
import { abilities, consulted, members } from './ownCall.ts';
import { TargetPanel } from './TargetPanel.tsx';
import { kindsOf, type PanelMode, type TargetRow } from './targetRows.ts';
import type { CallActions } from './useCallActions.ts';

interface Props {
  agent: AgentView;
  call: LiveCallView;
  actions: CallActions;
  open: OpenPanel;
  onOpen: (panel: OpenPanel) => void;
}

export function CallPanels({ agent, call, actions, open, onOpen }: Props) {
  const can = abilities(call, agent);
  const asked = consulted(call);
  const close = (): void => onOpen(null);

  const choose = (mode: PanelMode) => (row: TargetRow) => {
    close();
    const { to } = row;
    if (mode === 'transfer' || mode === 'survey') void actions.transfer(to);
    else if (to.kind === 'flow') return;
    else if (mode === 'consult') void actions.consult(to);
    else if (to.kind !== 'queue') void actions.invite(to, members(call).length);
  };
  const mode = open === 'transfer' || open === 'consult' || open === 'invite' || open === 'survey' ? open : null;
  const modes = (['transfer', 'consult', 'invite'] as const).filter((one) => kindsOf(one).length > 0 && can[one]);
  const isConference = can.part !== 'none' && (members(call).length > 0 || call.direction === 'conference');

  return (
    <div className="call-panels">
      {can.consulting && asked && <ConsultPanel call={call} party={asked} actions={actions} />}
      {isConference && <ConferenceList agent={agent} call={call} actions={actions} />}
      {mode && can[mode] && (
        <TargetPanel
          mode={mode}
          modes={mode === 'survey' ? ['survey'] : modes}
          onMode={onOpen}
          onChoose={choose(mode)}
          onClose={close}
        />
      )}
      {open === 'keypad' && can.digits && <SendKeys actions={actions} onClose={close} />}
      {open === 'pieces' && can.piece && <Pieces actions={actions} onClose={close} />}
    </div>
  );
}

function SendKeys({ actions, onClose }: { actions: CallActions; onClose: () => void }) {
  const { t } = useTranslation();
  const [sent, setSent] = useState('');
  return (
    <section className="send-keys panel" aria-label={t('controls.keypad')}>
      <Keypad
        takeFocus
        label={t('controls.keypad')}
        onClose={onClose}
        onKey={(key) => {
          setSent((before) => before + key);
          void actions.sendDigits(key);
        }}
      />
      <div className="send-keys__side">
        <span className="send-keys__sent" data-testid="sent-keys" role="status">
          {sent || t('controls.noKeys')}
        </span>
        <small className="quiet">{t('controls.keypadHint')}</small>
        <button type="button" className="button button--small" onClick={onClose}>
          <CloseOutlined /> {t('common.close')}
        </button>
      </div>
    </section>
  );
}

function Pieces({ actions, onClose }: { actions: CallActions; onClose: () => void }) {
  const { t } = useTranslation();
  const pieces = useTargets().data?.pieces ?? [];
  return (
    <section className="pieces panel" aria-label={t('controls.piece')}>
      {pieces.map((piece) => (
        <button key={piece} type="button" className="button" onClick={() => void actions.playPiece(piece)}>
          <PlayCircleFilled /> {piece}
        </button>
      ))}
      <span className="call-bar__gap" />
      <button type="button" className="button" onClick={() => void actions.playPiece('')}>
        <StopOutlined /> {t('controls.stopPiece')}
      </button>
      <button type="button" className="icon-button" aria-label={t('common.close')} onClick={onClose}>
        <CloseOutlined />
      </button>
    </section>
  );
}
