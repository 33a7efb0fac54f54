/** The agent's desk: queues and last calls, the caller, the own day. */

import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { useAgent, useFeed } from '../../feed/store.ts';
import { EmptyState, LoadingState } from '../../ui/ListState.tsx';
import { CallKnowledge } from '../desk/call/CallKnowledge.tsx';
import { CallBar } from './CallBar.tsx';
import { DialPad } from './controls/DialPad.tsx';
import { Idle } from './Idle.tsx';
import { LastCalls } from './LastCalls.tsx';
import { Pop } from './Pop.tsx';
import { QueueList } from './QueueList.tsx';
import { Summary } from './Summary.tsx';
import { HotlineToday, MyDay } from './Today.tsx';
import { useFormCall } from './useFormCall.ts';
import './agent.css';

export default function AgentPage() {
  const { t } = useTranslation();
  const session = useSession();
  const loaded = useFeed((state) => state.loaded);
  const stale = useFeed((state) => state.connection === 'offline');
  const pop = useFeed((state) => state.pop);
  const agent = useAgent(session.agent?.id);
  const form = useFormCall(session.user.id, pop);

  if (!loaded) return <LoadingState />;
  if (!agent) return <EmptyState text={`${t('idle.noAgentTitle')} · ${t('idle.noAgentText')}`} />;

  return (
    <div className={stale ? 'desk stale' : 'desk'}>
      <div className="desk__side">
        <DialPad agent={agent} />
        <QueueList agent={agent} />
        <LastCalls agent={agent} userId={session.user.id} onRecall={form.choose} />
      </div>
      <div className="desk__centre">
        <CallBar agent={agent} pop={pop} />
        <div className="desk__caller">{pop ? <Pop pop={pop} /> : <Idle agent={agent} />}</div>
        {form.call && (
          <Summary key={form.call.callId} agent={agent} call={form.call} pop={pop} onSwitch={form.choose} />
        )}
      </div>
      <div className="desk__side">
        <CallKnowledge pop={pop} />
        <MyDay agent={agent} />
        <HotlineToday />
      </div>
    </div>
  );
}
