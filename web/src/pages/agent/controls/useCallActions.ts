/** Everything that is done with one live call: pending until the feed shows it, one message where it is refused. */

import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import type { ConsultChoice, LiveCallView, Person, Target } from '../../../api/types.ts';
import type { CentreState } from '../../../feed/centre.ts';
import { usePreferences } from '../../../app/preferences.ts';
import { useCommand } from '../../../ui/useCommand.ts';
import { consulted, members } from './ownCall.ts';

export const controlKey = (act: string, callId: string): string => `${act}:${callId}`;

/** The call is as `holds` says, or is gone: then nothing is left to wait for. */
const when =
  (callId: string, holds: (call: LiveCallView) => boolean) =>
  ({ calls }: CentreState): boolean => {
    const call = calls[callId];
    return call === undefined || holds(call);
  };

export function useCallActions(callId: string, agentId: number) {
  const { t } = useTranslation();
  const command = useCommand();
  const language = usePreferences((state) => state.language);

  const run = (act: string, action: string, holds: (call: LiveCallView) => boolean, send: () => Promise<unknown>) =>
    command({ key: controlKey(act, callId), action, isSettled: when(callId, holds), send });

  return {
    hold: (held: boolean) =>
      run(
        'hold',
        t(held ? 'controls.hold' : 'controls.resume'),
        (call) => call.held_by.includes('agent') === held,
        () => api.hold(callId, held),
      ),
    mute: (party: string, muted: boolean) =>
      run(
        `mute-${party}`,
        t(muted ? 'controls.mute' : 'controls.unmute'),
        (call) => isMuted(call, party) === muted,
        () => api.mute(callId, party, muted),
      ),
    pauseRecording: (paused: boolean) =>
      run(
        'recording',
        t(paused ? 'controls.pauseRecording' : 'controls.resumeRecording'),
        (call) => (call.recording === 'paused') === paused || call.recording === 'off',
        () => api.pauseRecording(callId, paused),
      ),
    sendDigits: (digits: string) =>
      run(
        'digits',
        t('controls.keypad'),
        () => true,
        () => api.sendDigits(callId, digits),
      ),
    playPiece: (prompt: string) =>
      run(
        'piece',
        t('controls.piece'),
        () => true,
        () => api.playPiece(callId, prompt, language),
      ),
    transfer: (to: Target) =>
      run(
        'transfer',
        t('controls.transfer'),
        (call) => call.agent_id !== agentId || call.phase !== 'talking',
        () => api.transfer(callId, to),
      ),
    consult: (to: Exclude<Target, { kind: 'flow' }>) =>
      run(
        'consult',
        t('controls.consult'),
        (call) => consulted(call) !== undefined,
        () => api.consult(callId, to),
      ),
    choose: (choice: ConsultChoice, before: LiveCallView['consult']) =>
      run(
        'consult-choice',
        t(`consult.${choice}`),
        (call) => consulted(call) === undefined || (choice === 'swap' && call.consult !== before),
        () => api.chooseInConsult(callId, choice),
      ),
    invite: (to: Person, before: number) =>
      run(
        'invite',
        t('controls.invite'),
        (call) => members(call).length > before,
        () => api.invite(callId, to),
      ),
    remove: (party: string) =>
      run(
        `remove-${party}`,
        t('conference.remove'),
        (call) => !call.parties.some(({ id }) => id === party),
        () => api.removeParty(callId, party),
      ),
    leave: () =>
      run(
        'leave',
        t('controls.leave'),
        (call) => call.agent_id !== agentId && !call.parties.some((party) => party.agent_id === agentId),
        () => api.leave(callId),
      ),
  };
}

export type CallActions = ReturnType<typeof useCallActions>;

function isMuted(call: LiveCallView, party: string): boolean {
  if (party === 'agent') return call.agent_muted;
  if (party === 'caller') return call.caller_muted;
  return call.parties.some(({ id, muted }) => id === party && muted);
}
