/** Which colour and icon a state has, everywhere the same. */

import {
  ApiOutlined,
  BookOutlined,
  CheckCircleFilled,
  CoffeeOutlined,
  CustomerServiceFilled,
  EditFilled,
  ExportOutlined,
  LogoutOutlined,
  PauseCircleFilled,
  PhoneFilled,
  BellFilled,
} from './icons.ts';
import type { ComponentType } from 'react';
import type { AgentState } from '../feed/agentState.ts';
import type { Activity, CallPhase } from '../api/types.ts';

export type Tone = 'ready' | 'talking' | 'ringing' | 'wrap_up' | 'break' | 'training' | 'neutral' | 'danger';

interface Look {
  tone: Tone;
  Icon: ComponentType;
}

export const AGENT_STATE_LOOK: Record<AgentState, Look> = {
  ready: { tone: 'ready', Icon: CheckCircleFilled },
  talking: { tone: 'talking', Icon: CustomerServiceFilled },
  ringing: { tone: 'ringing', Icon: BellFilled },
  wrap_up: { tone: 'wrap_up', Icon: EditFilled },
  break: { tone: 'break', Icon: CoffeeOutlined },
  training: { tone: 'training', Icon: BookOutlined },
  outbound_only: { tone: 'training', Icon: ExportOutlined },
  busy: { tone: 'neutral', Icon: PhoneFilled },
  unreachable: { tone: 'danger', Icon: ApiOutlined },
  signed_out: { tone: 'neutral', Icon: LogoutOutlined },
};

export const ACTIVITY_LOOK: Record<Activity, Look> = {
  idle: { tone: 'neutral', Icon: CheckCircleFilled },
  offered: { tone: 'ringing', Icon: BellFilled },
  ringing: { tone: 'ringing', Icon: BellFilled },
  talking: { tone: 'talking', Icon: CustomerServiceFilled },
  hold: { tone: 'break', Icon: PauseCircleFilled },
  wrap_up: { tone: 'wrap_up', Icon: EditFilled },
  busy: { tone: 'neutral', Icon: PhoneFilled },
};

export const PHASE_TONE: Record<CallPhase, Tone> = {
  menu: 'training',
  waiting: 'break',
  ringing: 'ringing',
  connecting: 'ringing',
  talking: 'talking',
  dialling: 'ringing',
  transferring: 'ringing',
  forwarded: 'talking',
  ended: 'neutral',
};
