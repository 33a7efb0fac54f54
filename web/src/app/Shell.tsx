/** The frame around the pages: navigation on the left, the agent's own state and the connection on top. */

import {
  BarChartOutlined,
  BellFilled,
  BranchesOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  FileSearchOutlined,
  InboxOutlined,
  LogoutOutlined,
  MobileOutlined,
  MutedOutlined,
  PhoneFilled,
  ProfileOutlined,
  QuestionCircleOutlined,
  SettingOutlined,
  SkinOutlined,
  SoundOutlined,
  TeamOutlined,
  TranslationOutlined,
} from '../ui/icons.ts';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { api } from '../api/client.ts';
import { useNewMessages } from '../api/callers.ts';
import { useNotices } from '../api/deskQueries.ts';
import { useReference } from '../api/queries.ts';
import { inCentre, maySupervise, useSession, useSignOut, worksInField } from '../api/session.ts';
import type { Language } from '../api/types.ts';
import { useAgent, useFeed } from '../feed/store.ts';
import { ShortcutSheet } from '../hotkeys/ShortcutSheet.tsx';
import { useHotkeys } from '../hotkeys/useHotkeys.ts';
import { useLocalized } from '../i18n/words.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { LoadingState } from '../ui/ListState.tsx';
import { PhoneControl } from '../phone/PhoneControl.tsx';
import { Broadcasts } from './Broadcasts.tsx';
import { ConnectionBadge, OfflineBanner } from './ConnectionBadge.tsx';
import { setLanguage, toggleRinging, toggleTheme, usePreferences } from './preferences.ts';
import { PresenceControl } from './PresenceControl.tsx';
import { unblockRinging, useRinging } from './ringing.ts';
import './shell.css';

export function Shell() {
  const session = useSession();
  const { t } = useTranslation();
  const [sheetOpen, setSheetOpen] = useState(false);
  const agent = useAgent(session.agent?.id);
  const reference = useReference();
  const localized = useLocalized();
  const location = useLocation();
  useHotkeys({ sheet: () => setSheetOpen(true) });

  return (
    <div className="shell">
      <Navigation onShortcuts={() => setSheetOpen(true)} />
      <header className="shell__header">
        <PageTitle path={location.pathname} hidden={agent !== undefined} />
        {agent && <PresenceControl agent={agent} />}
        <div className="shell__status">
          {!location.pathname.startsWith('/agent') && <IncomingElsewhere />}
          {agent && <PhoneControl agent={agent} />}
          <ConnectionBadge />
          <span className="shell__user">
            <strong>{session.user.name}</strong>
            <small>
              {agent ? agent.number : t(`user.roles.${session.user.role}`)}
              {session.user.team && ` · ${localized(reference?.teams[session.user.team], session.user.team)}`}
            </small>
          </span>
        </div>
      </header>
      <div className="shell__banner">
        <OfflineBanner />
        {agent && <Broadcasts />}
      </div>
      <main className="shell__page">
        <ErrorBoundary key={location.pathname}>
          <Suspense fallback={<LoadingState />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
      <ShortcutSheet open={sheetOpen} onClose={() => setSheetOpen(false)} />
    </div>
  );
}

/** For an agent the place is taken by the presence; the page keeps its heading for screen readers. */
function PageTitle({ path, hidden }: { path: string; hidden: boolean }) {
  const { t } = useTranslation();
  const pages = ['records', 'reports', 'callers', 'agent', 'admin', 'flows', 'desk'] as const;
  const page = pages.find((name) => path.startsWith(`/${name}`)) ?? 'supervisor';
  return <h1 className={hidden ? 'visually-hidden' : 'shell__title'}>{t(`nav.${page}`)}</h1>;
}

/** On any other page a ringing call is one click away, and takes nothing away from what is being done there. */
function IncomingElsewhere() {
  const { t } = useTranslation();
  const number = useFeed((state) => (state.pop?.state === 'ringing' ? state.pop.caller_number : null));
  if (number === null) return null;
  return (
    <Link className="incoming" to="/agent" data-tone="ringing" role="status">
      <PhoneFilled /> {t('agent.incomingElsewhere', { number: number || t('pop.anonymous') })}
    </Link>
  );
}

interface Place {
  to: string;
  name: string;
  Icon: typeof InboxOutlined;
  shown: boolean;
  /** How much is new there. */
  badge?: React.ReactNode;
}

function Navigation({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation();
  const { user, agent } = useSession();
  const signOut = useSignOut();
  const ringing = usePreferences((state) => state.ringing);
  const blocked = useRinging((state) => state.blocked);
  const language = usePreferences((state) => state.language);

  const switchLanguage = (): void => {
    const next: Language = language === 'en' ? 'zh-CN' : 'en';
    setLanguage(next);
    // Best effort: the choice already holds in this browser, the server only carries it to the next one.
    api.chooseLanguage(next).catch(() => undefined);
  };

  const pages: Place[] = [
    { to: '/agent', name: t('nav.agent'), Icon: CustomerServiceOutlined, shown: agent !== null },
    { to: '/supervisor', name: t('nav.supervisor'), Icon: TeamOutlined, shown: maySupervise(user.role) },
    { to: '/wallboard', name: t('nav.wallboard'), Icon: DashboardOutlined, shown: true },
    { to: '/records', name: t('nav.records'), Icon: FileSearchOutlined, shown: inCentre(user.role) },
    { to: '/reports', name: t('nav.reports'), Icon: BarChartOutlined, shown: maySupervise(user.role) },
    { to: '/callers', name: t('nav.callers'), Icon: InboxOutlined, shown: inCentre(user.role), badge: <NewMessages /> },
    {
      to: '/desk',
      name: t('nav.desk'),
      Icon: ProfileOutlined,
      shown: !worksInField(user.role),
      badge: <UnreadNotices />,
    },
    { to: '/field', name: t('nav.field'), Icon: MobileOutlined, shown: worksInField(user.role) },
    { to: '/flows', name: t('nav.flows'), Icon: BranchesOutlined, shown: maySupervise(user.role) },
    { to: '/admin', name: t('nav.admin'), Icon: SettingOutlined, shown: maySupervise(user.role) },
  ];

  return (
    <nav className="rail" aria-label={t('nav.main')}>
      <img className="rail__mark" src="/favicon.svg" alt={t('app.name')} width={34} height={34} />
      {pages.map(
        ({ to, name, Icon, shown, badge }) =>
          shown && (
            <NavLink key={to} to={to} className="rail__page">
              <Icon />
              {name}
              {badge}
            </NavLink>
          ),
      )}
      <div className="rail__foot">
        {agent && (
          <RailButton name={t(ringing ? 'user.ringingOn' : 'user.ringingOff')} onClick={toggleRinging}>
            {ringing ? <SoundOutlined /> : <MutedOutlined />}
          </RailButton>
        )}
        {agent && ringing && blocked && (
          <RailButton name={t('user.ringingBlocked')} onClick={unblockRinging} testId="unblock-ringing">
            <BellFilled className="rail__alarm" />
          </RailButton>
        )}
        <RailButton name={t('user.shortcuts')} onClick={onShortcuts}>
          <QuestionCircleOutlined />
        </RailButton>
        <RailButton name={t('user.theme')} onClick={toggleTheme}>
          <SkinOutlined />
        </RailButton>
        <RailButton name={t('user.language')} onClick={switchLanguage} testId="language-switch">
          <TranslationOutlined />
        </RailButton>
        <RailButton
          name={t(agent ? 'user.signOutAgent' : 'user.signOut')}
          onClick={() => signOut.mutate()}
          testId="sign-out"
        >
          <LogoutOutlined />
        </RailButton>
      </div>
    </nav>
  );
}

/** How many notices of the desk nobody here has read. */
function UnreadNotices() {
  const { t } = useTranslation();
  const count = useNotices(true).data?.length ?? 0;
  return <RailCount count={count} label={t('desk.inbox.unread', { count })} />;
}

/** How many messages of callers nobody has listened to. */
function NewMessages() {
  const { t } = useTranslation();
  const count = useNewMessages(true);
  return <RailCount count={count} label={`${String(count)} ${t('callers.newOnes')}`} testId="count-callers" />;
}

function RailCount({ count, label, testId }: { count: number; label: string; testId?: string }) {
  if (count === 0) return null;
  return (
    <span className="rail__count" role="status" aria-label={label} data-testid={testId}>
      {count > 99 ? '99+' : count}
    </span>
  );
}

interface RailButtonProps {
  name: string;
  onClick: () => void;
  children: React.ReactNode;
  testId?: string;
}

function RailButton({ name, onClick, children, testId }: RailButtonProps) {
  return (
    <button type="button" className="icon-button" title={name} aria-label={name} data-testid={testId} onClick={onClick}>
      {children}
    </button>
  );
}
