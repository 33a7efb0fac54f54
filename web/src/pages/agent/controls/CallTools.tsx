/** The row of things that may be done with the call: fixed places, hanging up apart and last. */

import { useTranslation } from 'react-i18next';
import { useTargets } from '../../../api/queries.ts';
import type { AgentView, LiveCallView } from '../../../api/types.ts';
import { usePending } from '../../../feed/pending.ts';
import { useFeed } from '../../../feed/store.ts';
import { useHotkeys } from '../../../hotkeys/useHotkeys.ts';
import {
  AudioMutedOutlined,
  AudioOutlined,
  NumberOutlined,
  PauseCircleFilled,
  PlayCircleFilled,
  QuestionCircleOutlined,
  SmileOutlined,
  SoundOutlined,
  StopOutlined,
  SwapOutlined,
  TeamOutlined,
  UserSwitchOutlined,
} from '../../../ui/icons.ts';
import { abilities, partIn } from './ownCall.ts';
import { ToolButton } from './ToolButton.tsx';
import type { CallActions } from './useCallActions.ts';
import { controlKey } from './useCallActions.ts';
import { useHelp } from './useHelp.ts';

/** What stands open below the bar. */
export type OpenPanel = 'keypad' | 'pieces' | 'transfer' | 'consult' | 'invite' | 'survey' | null;

interface Props {
  agent: AgentView;
  call: LiveCallView | undefined;
  actions: CallActions;
  open: OpenPanel;
  onOpen: (panel: OpenPanel) => void;
}

export function CallTools({ agent, call, actions, open, onOpen }: Props) {
  const { t } = useTranslation();
  const can = abilities(call, agent);
  const id = call?.id ?? '';
  const targets = useTargets({ wanted: can.talking }).data;
  const help = useHelp(agent.id);
  const asked = useFeed((state) => state.helps[agent.id]);
  const holding = usePending(controlKey('hold', id));
  const me = partIn(call, agent) === 'member' ? call?.parties.find((party) => party.agent_id === agent.id) : undefined;
  const mine = me?.id ?? 'agent';
  const muting = usePending(controlKey(`mute-${mine}`, id));
  const pausing = usePending(controlKey('recording', id));
  const sending = usePending(controlKey('transfer', id));
  const held = call?.held_by.includes('agent') ?? false;
  const muted = me?.muted ?? call?.agent_muted ?? false;
  const paused = call?.recording === 'paused';
  const mayAsk = agent.presence !== 'signed_out' || can.part !== 'none';
  const surveys = targets?.flows.filter((flow) => flow.survey) ?? [];

  const toggle = (panel: OpenPanel): void => onOpen(open === panel ? null : panel);
  const press = {
    hold: () => can.hold && !holding && void actions.hold(!held),
    mute: () => can.mute && !muting && void actions.mute(mine, !muted),
    recording: () => can.recording && !pausing && void actions.pauseRecording(!paused),
    keypad: () => can.digits && toggle('keypad'),
    piece: () => can.piece && toggle('pieces'),
    transfer: () => can.transfer && toggle('transfer'),
    consult: () => can.consult && toggle('consult'),
    invite: () => can.invite && toggle('invite'),
    survey: () => {
      if (!can.survey || sending || surveys.length === 0) return;
      const [only] = surveys;
      if (only !== undefined && surveys.length === 1) {
        void actions.transfer({ kind: 'flow', flow: only.id, come_back: false });
      } else toggle('survey');
    },
    help: () => mayAsk && help.toggle(),
  };
  useHotkeys(press);

  return (
    <div className="tools" role="group" aria-label={t('controls.label')}>
      <ToolButton
        testId="hold"
        Icon={held ? PlayCircleFilled : PauseCircleFilled}
        name={t(held ? 'controls.resume' : 'controls.hold')}
        hotkey="Alt L"
        disabled={!can.hold}
        pending={holding}
        pressed={held}
        onClick={press.hold}
      />
      <ToolButton
        testId="mute"
        Icon={muted ? AudioMutedOutlined : AudioOutlined}
        name={t(muted ? 'controls.unmute' : 'controls.mute')}
        hotkey="Alt M"
        disabled={!can.mute}
        pending={muting}
        pressed={muted}
        onClick={press.mute}
      />
      <ToolButton
        testId="pause-recording"
        Icon={StopOutlined}
        name={t(paused ? 'controls.resumeRecording' : 'controls.pauseRecording')}
        hint={t('controls.recordingHint')}
        hotkey="Alt G"
        disabled={!can.recording}
        pending={pausing}
        pressed={paused}
        onClick={press.recording}
      />
      <ToolButton
        testId="keypad"
        Icon={NumberOutlined}
        name={t('controls.keypad')}
        hotkey="Alt K"
        disabled={!can.digits}
        expanded={open === 'keypad'}
        onClick={press.keypad}
      />
      <ToolButton
        testId="piece"
        Icon={SoundOutlined}
        name={t('controls.piece')}
        hint={targets?.pieces.length === 0 ? t('controls.noPieces') : undefined}
        hotkey="Alt J"
        disabled={!can.piece || !targets?.pieces.length}
        expanded={open === 'pieces'}
        onClick={press.piece}
      />
      <span className="tools__line" />
      <ToolButton
        testId="transfer"
        Icon={SwapOutlined}
        name={t('controls.transfer')}
        hotkey="Alt T"
        disabled={!can.transfer}
        pending={sending}
        expanded={open === 'transfer'}
        onClick={press.transfer}
      />
      <ToolButton
        testId="consult"
        Icon={UserSwitchOutlined}
        name={t('controls.consult')}
        hotkey="Alt U"
        disabled={!can.consult}
        expanded={open === 'consult'}
        onClick={press.consult}
      />
      <ToolButton
        testId="invite"
        Icon={TeamOutlined}
        name={t('controls.invite')}
        hotkey="Alt I"
        disabled={!can.invite}
        expanded={open === 'invite'}
        onClick={press.invite}
      />
      <ToolButton
        testId="survey"
        Icon={SmileOutlined}
        name={t('controls.survey')}
        hint={can.survey && targets && surveys.length === 0 ? t('controls.noSurvey') : t('controls.surveyHint')}
        hotkey="Alt S"
        disabled={!can.survey || surveys.length === 0}
        expanded={surveys.length > 1 ? open === 'survey' : undefined}
        onClick={press.survey}
      />
      <span className="tools__line" />
      <ToolButton
        testId="help"
        Icon={QuestionCircleOutlined}
        name={t(asked ? 'controls.helpAsked' : 'controls.help')}
        hint={asked?.state === 'answered' ? t('controls.helpAnswered', { by: asked.by }) : t('controls.helpHint')}
        hotkey="Alt Y"
        disabled={!mayAsk}
        pending={help.pending}
        pressed={asked !== undefined}
        onClick={press.help}
      />
    </div>
  );
}
