/** Who is on duty (班值): a week, shift by shift. Each change is stored at once and counts for the next caller. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useConfig } from '../../api/config.ts';
import { hotline, useCalendars, useDuties } from '../../api/hotline.ts';
import { asProblem } from '../../api/problem.ts';
import { mayOperate, useSession } from '../../api/session.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { CloseOutlined } from '../../ui/icons.ts';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { NEW } from './keys.ts';
import { daysLater, isoDay, mondayOf, type Plan, planOf, shiftsOn } from './roster.ts';

export function Roster() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [monday, setMonday] = useState(() => mondayOf(new Date()));
  const days = Array.from({ length: 7 }, (_, number) => daysLater(monday, number));
  const duties = useDuties(isoDay(monday), isoDay(daysLater(monday, 6)));
  const shifts = useCalendars().data?.shifts;
  const agents = useConfig('agents').data?.filter(({ retired }) => !retired);
  const problemText = useProblemText();
  const [saving, setSaving] = useState(false);
  if (duties.isError) return <ErrorState error={duties.error} onRetry={() => void duties.refetch()} />;
  if (duties.data === undefined || shifts === undefined || agents === undefined) return <LoadingState />;
  const plan = planOf(duties.data);

  const save = async (changes: Plan): Promise<void> => {
    setSaving(true);
    try {
      for (const [day, wanted] of Object.entries(changes)) await hotline.putDuties(day, wanted);
    } catch (error) {
      showToast('error', problemText(asProblem(error)));
    } finally {
      await duties.refetch();
      setSaving(false);
    }
  };
  const copyLastWeek = async (): Promise<void> => {
    const before = planOf(await hotline.duties(isoDay(daysLater(monday, -7)), isoDay(daysLater(monday, -1))));
    await save(Object.fromEntries(days.map((day) => [isoDay(day), before[isoDay(daysLater(day, -7))] ?? {}])));
  };

  if (shifts.length === 0) {
    return (
      <section className="panel admin__matrix">
        <EmptyState text={t('admin.roster.noShifts')} />
        {mayOperate(user.role) && <Link to={`/admin/shifts/${NEW}`}>{t('admin.shift.new')}</Link>}
      </section>
    );
  }
  return (
    <section className="panel admin__matrix">
      <div className="admin__list-head">
        <button type="button" className="button" onClick={() => setMonday(daysLater(monday, -7))}>
          {t('admin.roster.before')}
        </button>
        <strong data-testid="roster-week">
          {isoDay(monday)} – {isoDay(daysLater(monday, 6))}
        </strong>
        <button type="button" className="button" onClick={() => setMonday(daysLater(monday, 7))}>
          {t('admin.roster.after')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="roster-copy"
          disabled={saving}
          onClick={() => void copyLastWeek()}
        >
          {t('admin.roster.copy')}
        </button>
        <span className="quiet">{t('admin.roster.hint')}</span>
      </div>
      <div className="table-box" tabIndex={0} role="region" aria-label={t('admin.sections.roster')}>
        <table className="table" data-testid="roster" aria-busy={saving}>
          <thead>
            <tr>
              <th scope="col">{t('admin.sections.shifts')}</th>
              {days.map((day, number) => (
                <th key={isoDay(day)} scope="col">
                  {t(`admin.shift.day.${String(number + 1) as '1'}`)}
                  <small> {isoDay(day).slice(5)}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shifts.map(({ name, hours }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {days.map((day, number) => (
                  <td key={isoDay(day)} data-testid={`duty-${isoDay(day)}-${name}`}>
                    {hours[String(number + 1)] === undefined ? (
                      <span className="quiet">–</span>
                    ) : (
                      <Cell
                        label={`${name} ${isoDay(day)}`}
                        hours={hours[String(number + 1)] ?? ''}
                        planned={plan[isoDay(day)]?.[name] ?? []}
                        agents={agents.map(({ id, name: called, number: no }) => ({ id, name: `${called} ${no}` }))}
                        disabled={saving}
                        onChange={(ids) =>
                          void save({ [isoDay(day)]: { ...shiftsOn(plan, isoDay(day)), [name]: ids } })
                        }
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface CellProps {
  label: string;
  hours: string;
  planned: number[];
  agents: { id: number; name: string }[];
  disabled: boolean;
  onChange: (ids: number[]) => void;
}

function Cell({ label, hours, planned, agents, disabled, onChange }: CellProps) {
  const { t } = useTranslation();
  return (
    <>
      <small className="quiet">{hours}</small>
      <ul className="admin__duty">
        {planned.map((id) => {
          const name = agents.find((agent) => agent.id === id)?.name ?? String(id);
          return (
            <li key={id}>
              {name}
              <button
                type="button"
                className="button button--small"
                aria-label={t('admin.roster.remove', { name, shift: label })}
                disabled={disabled}
                onClick={() => onChange(planned.filter((other) => other !== id))}
              >
                <CloseOutlined />
              </button>
            </li>
          );
        })}
      </ul>
      <select
        className="field"
        aria-label={t('admin.roster.add', { shift: label })}
        value=""
        disabled={disabled}
        onChange={(event) => onChange([...planned, Number(event.target.value)])}
      >
        <option value="">{t('admin.roster.addShort')}</option>
        {agents
          .filter(({ id }) => !planned.includes(id))
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </select>
    </>
  );
}
