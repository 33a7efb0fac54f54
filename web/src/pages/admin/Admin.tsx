/** Setting up the centre. Supervisors see the skills of everybody and change those of their own team. */

import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';
import { type Board, useBoards } from '../../api/boards.ts';
import { type BoxRow, useBoxes } from '../../api/callers.ts';
import { useConfig } from '../../api/config.ts';
import { type Announcement, useAnnouncements, useCalendars } from '../../api/hotline.ts';
import { mayOperate, useSession } from '../../api/session.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { useClock } from '../../time/clock.ts';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';
import './admin.css';
import { AnnouncementForm, newAnnouncement } from './AnnouncementForm.tsx';
import { BoardForm, newBoard } from './BoardForm.tsx';
import { CalendarForm, newCalendar } from './CalendarForm.tsx';
import { Areas, Categories, Deadlines, OddDays, Staff, Units } from './desk/sections.tsx';
import { LinksPanel } from './LinksPanel.tsx';
import { MessageBoxForm, newBox } from './MessageBoxForm.tsx';
import { ObjectPage } from './ObjectPage.tsx';
import { AgentForm, UserForm } from './PeopleForms.tsx';
import { PromptsPanel } from './PromptsPanel.tsx';
import { QueueForm } from './QueueForm.tsx';
import { Roster } from './Roster.tsx';
import { RoutingForm } from './RoutingForm.tsx';
import { newShift, ShiftForm } from './ShiftForm.tsx';
import { SkillMatrix } from './SkillMatrix.tsx';
import { DispositionForm, ReasonForm, WordForm } from './WordForms.tsx';

const SECTIONS = {
  queues: Queues,
  matrix: SkillMatrix,
  agents: Agents,
  skills: Skills,
  teams: Teams,
  reasons: Reasons,
  dispositions: Dispositions,
  users: Users,
  routing: Routing,
  announcements: Announcements,
  calendars: Calendars,
  shifts: Shifts,
  roster: Roster,
  prompts: PromptsPanel,
  boxes: Boxes,
  areas: Areas,
  units: Units,
  categories: Categories,
  deadlines: Deadlines,
  days: OddDays,
  staff: Staff,
  boards: Boards,
  boardLinks: LinksPanel,
} as const;
type Section = keyof typeof SECTIONS;

export default function Admin() {
  const { t } = useTranslation();
  const { section } = useParams();
  const open: Section[] = mayOperate(useSession().user.role)
    ? (Object.keys(SECTIONS) as Section[])
    : ['matrix', 'announcements', 'roster'];
  const chosen = open.find((name) => name === section);
  if (chosen === undefined) return <Navigate replace to={`/admin/${open[0] ?? 'matrix'}`} />;
  const Chosen = SECTIONS[chosen];
  return (
    <div className="admin">
      <nav className="admin__tabs" aria-label={t('nav.admin')}>
        {open.map((name) => (
          <NavLink key={name} to={`/admin/${name}`} data-testid={`admin-${name}`}>
            {t(`admin.sections.${name}`)}
          </NavLink>
        ))}
      </nav>
      <Chosen key={chosen} />
    </div>
  );
}

function Queues() {
  const { t } = useTranslation();
  const localized = useLocalized();
  return (
    <ObjectPage
      section="queues"
      title={t('admin.sections.queues')}
      query={useConfig('queues')}
      keyOf={({ id }) => id}
      nameOf={({ name, id }) => localized(name, id)}
      noteOf={({ id, strategy }) => `${id} · ${t(`strategy.${strategy}` as 'strategy.linear')}`}
      create={() => ({ id: '', name: {}, version: '' })}
      form={(queue, isNew, done) => <QueueForm queue={queue} isNew={isNew} done={done} />}
    />
  );
}

function Agents() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const teams = useConfig('teams').data ?? [];
  const nameOfTeam = (team: string): string => localized(teams.find(({ id }) => id === team)?.name, team);
  return (
    <ObjectPage
      section="agents"
      title={t('admin.sections.agents')}
      query={useConfig('agents')}
      keyOf={({ id }) => String(id)}
      nameOf={({ name, number }) => `${name} ${number}`}
      noteOf={({ team, retired }) =>
        [team && nameOfTeam(team), retired && t('admin.retired')].filter(Boolean).join(' · ')
      }
      faded={({ retired }) => retired === true}
      create={() => ({ id: 0, number: '', name: '', extension: '', version: '' })}
      form={(agent, isNew, done) => <AgentForm object={agent} isNew={isNew} done={done} />}
    />
  );
}

function Users() {
  const { t } = useTranslation();
  return (
    <ObjectPage
      section="users"
      title={t('admin.sections.users')}
      query={useConfig('users')}
      keyOf={({ id }) => String(id)}
      nameOf={({ name, login }) => `${name} ${login}`}
      noteOf={({ role, disabled }) => t(`user.roles.${role}`) + (disabled ? ` · ${t('admin.disabled')}` : '')}
      faded={({ disabled }) => disabled === true}
      create={() => ({ id: 0, login: '', name: '', role: 'agent' as const, version: '' })}
      form={(user, isNew, done) => <UserForm object={user} isNew={isNew} done={done} />}
    />
  );
}

function Words({ section, kind }: { section: 'skills' | 'teams'; kind: 'skill' | 'team' }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  return (
    <ObjectPage
      section={section}
      title={t(`admin.sections.${section}`)}
      query={useConfig(section)}
      keyOf={({ id }) => id}
      nameOf={({ name, id }) => localized(name, id)}
      noteOf={({ id }) => id}
      create={() => ({ id: '', name: {}, version: '' })}
      form={(word, isNew, done) => <WordForm object={word} kind={kind} isNew={isNew} done={done} />}
    />
  );
}

function Skills() {
  return <Words section="skills" kind="skill" />;
}

function Teams() {
  return <Words section="teams" kind="team" />;
}

function Reasons() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const codeWord = useCodeWord();
  return (
    <ObjectPage
      section="reasons"
      title={t('admin.sections.reasons')}
      query={useConfig('reasons')}
      keyOf={({ code }) => code}
      nameOf={({ name, code }) => localized(name, code)}
      noteOf={({ code, presence }) => `${code} · ${codeWord('presence', presence)}`}
      create={() => ({ code: '', presence: 'break' as const, name: {}, version: '' })}
      form={(reason, isNew, done) => <ReasonForm object={reason} isNew={isNew} done={done} />}
    />
  );
}

function Dispositions() {
  const { t } = useTranslation();
  const localized = useLocalized();
  return (
    <ObjectPage
      section="dispositions"
      title={t('admin.sections.dispositions')}
      query={useConfig('dispositions')}
      keyOf={({ code }) => code}
      nameOf={({ name, code }) => localized(name, code)}
      noteOf={({ code }) => code}
      create={() => ({ code: '', name: {}, version: '' })}
      form={(disposition, isNew, done) => <DispositionForm object={disposition} isNew={isNew} done={done} />}
    />
  );
}

function Routing() {
  const { data, error, refetch } = useConfig('routing');
  if (data === undefined) {
    return error === null ? <LoadingState /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return <RoutingForm routing={data} />;
}

function Announcements() {
  const { t } = useTranslation();
  const now = useClock(({ now: at }) => at);
  const state = ({ enabled, active_until }: Announcement): 'off' | 'over' | 'on' =>
    !enabled ? 'off' : typeof active_until === 'number' && active_until <= now ? 'over' : 'on';
  const whom = ({ areas = [], dialled = [] }: Announcement): string =>
    [...areas, ...dialled].join(' ') || t('admin.announcement.everybody');
  return (
    <ObjectPage
      section="announcements"
      title={t('admin.sections.announcements')}
      query={useAnnouncements()}
      keyOf={({ id }) => String(id)}
      nameOf={({ title }) => title}
      noteOf={(one) => `${t(`admin.announcement.${state(one)}`)} · ${whom(one)}`}
      faded={(one) => state(one) !== 'on'}
      create={newAnnouncement}
      form={(one, isNew, done) => <AnnouncementForm object={one} isNew={isNew} done={done} />}
    />
  );
}

function Boards() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useBoards();
  const whom = ({ roles = [] }: Board): string => roles.map((role) => t(`user.roles.${role}`)).join(' ');
  return (
    <ObjectPage
      section="boards"
      title={t('admin.sections.boards')}
      query={{ ...query, data: query.data?.boards }}
      keyOf={({ id }) => id}
      nameOf={({ name, id }) => localized(name, id)}
      noteOf={(board) => [board.id, whom(board)].filter(Boolean).join(' · ')}
      create={newBoard}
      form={(board, isNew, done) => <BoardForm object={board} isNew={isNew} done={done} />}
    />
  );
}

function Calendars() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useCalendars();
  return (
    <ObjectPage
      section="calendars"
      title={t('admin.sections.calendars')}
      query={{ ...query, data: query.data?.calendars }}
      keyOf={({ name }) => name}
      nameOf={({ name, title }) => localized(title, name)}
      noteOf={({ name, weekly }) => `${name} · ${Object.keys(weekly ?? {}).join(' ')}`}
      create={newCalendar}
      form={(one, isNew, done) => <CalendarForm object={one} isNew={isNew} done={done} />}
    />
  );
}

function Shifts() {
  const { t } = useTranslation();
  const query = useCalendars();
  return (
    <ObjectPage
      section="shifts"
      title={t('admin.sections.shifts')}
      query={{ ...query, data: query.data?.shifts }}
      keyOf={({ name }) => name}
      nameOf={({ name }) => name}
      noteOf={({ hours }) => [...new Set(Object.values(hours))].join(' · ')}
      create={newShift}
      form={(one, isNew, done) => <ShiftForm object={one} isNew={isNew} done={done} />}
    />
  );
}

function Boxes() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const noteOf = ({ name, phones = [] }: BoxRow): string =>
    [name, phones.length > 0 && t('admin.box.rings', { count: phones.length })].filter(Boolean).join(' · ');
  return (
    <ObjectPage
      section="boxes"
      title={t('admin.sections.boxes')}
      query={useBoxes()}
      keyOf={({ name }) => name}
      nameOf={({ title, name }) => localized(title, name)}
      noteOf={noteOf}
      create={newBox}
      form={(box, isNew, done) => <MessageBoxForm object={box} isNew={isNew} done={done} />}
    />
  );
}
