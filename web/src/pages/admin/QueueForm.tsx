/** All rules of one queue, each with its explanation. What is left at its default is not written down. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { config, type QueueSetup, useConfig } from '../../api/config.ts';
import { CheckField, LevelsField, NamesField, NumberField, SelectField, TextField, TicksField } from './fields.tsx';
import { FORMULAS } from './formulas.ts';
import { OverflowField } from './OverflowField.tsx';
import { numberOr, type Options, put, stringOr, tree } from './options.ts';
import { SaveBar } from './SaveBar.tsx';
import { StepsField } from './StepsField.tsx';
import { useEditor } from './useEditor.ts';
import { useCalendars, useChoices } from './useChoices.ts';

const CALLBACK_FIRST = ['agent', 'customer'] as const;

const STRATEGIES = [
  'longest_idle', 'least_occupied', 'fewest_contacts', 'round_robin', 'linear', 'random', 'weighted', 'best_skill', 'ring_all',
] as const; // prettier-ignore
const WRAP_UPS = ['', 'none', 'optional', 'fixed', 'until_disposition', 'limited'] as const;
const EVALUATIONS = ['all', 'best', 'any'] as const;

interface Props {
  queue: QueueSetup;
  isNew: boolean;
  done: (key: string | null) => void;
}

export function QueueForm({ queue, isNew, done }: Props) {
  const { t } = useTranslation();
  const editor = useEditor(queue);
  const { draft, change, errorAt } = editor;
  const { skills, groups } = useChoices();
  const queues = useConfig('queues').data ?? [];
  const known = useCalendars();
  const [byExpression, setByExpression] = useState(typeof options(queue).expression === 'string');
  const own = options(draft);
  const option = (name: string, value: unknown, neutral?: unknown): void =>
    change({ options: put(own, name, value, neutral) });
  const text = (name: string) => ({
    label: t(`admin.queue.label.${name}` as 'admin.queue.label.id'),
    hint: t(`admin.queue.hint.${name}` as 'admin.queue.hint.id'),
  });
  const field = (name: string) => ({ ...text(name), error: errorAt(name) });
  const optional = (name: string) => ({ ...text(name), error: errorAt(`options.${name}`) });
  const hours = stringOr(own.hours, '');
  const calendars = hours === '' || known.includes(hours) ? known : [hours, ...known];
  const wrapUp = tree(own.wrap_up);
  const callback = tree(own.callback);
  const seconds = t('admin.unitSeconds');

  return (
    <form className="form" data-testid="queue-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.queue.new') : `${queue.name['zh-CN'] ?? queue.id} · ${queue.id}`}</h2>

      <h3>{t('admin.queue.basics')}</h3>
      <div className="form__grid">
        {isNew && <TextField {...field('id')} value={draft.id} onChange={(id) => change({ id })} />}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <NumberField
          {...field('position')}
          value={draft.position ?? 0}
          min={0}
          step={1}
          onChange={(v) => change({ position: v ?? 0 })}
        />
      </div>

      <h3>{t('admin.queue.who')}</h3>
      <div className="form__grid">
        <CheckField
          {...text('by_expression')}
          value={byExpression}
          onChange={(on) => {
            setByExpression(on);
            change(
              on ? { skills: {}, options: put(own, 'expression', '') } : { options: put(own, 'expression', undefined) },
            );
          }}
        />
        {byExpression ? (
          <TextField
            {...optional('expression')}
            wide
            value={stringOr(own.expression, '')}
            onChange={(v) => option('expression', v)}
          />
        ) : (
          <>
            <LevelsField
              {...field('skills')}
              value={draft.skills ?? {}}
              choices={skills}
              onChange={(v) => change({ skills: v })}
            />
            <SelectField
              {...optional('evaluation')}
              value={stringOr(own.evaluation, 'all')}
              choices={EVALUATIONS.map((value) => ({ value, name: t(`admin.queue.evaluations.${value}`) }))}
              onChange={(v) => option('evaluation', v, 'all')}
            />
          </>
        )}
        <TicksField
          {...text('groups')}
          value={(own.groups as string[] | undefined) ?? []}
          choices={groups}
          onChange={(v) => option('groups', v.length ? v : undefined)}
        />
        <SelectField
          {...field('strategy')}
          value={draft.strategy ?? 'longest_idle'}
          choices={STRATEGIES.map((value) => ({ value, name: t(`strategy.${value}`) }))}
          onChange={(strategy) => change({ strategy })}
        />
        <NumberField
          {...optional('last_agent_s')}
          unit={seconds}
          min={0}
          value={numberOr(own.last_agent_s, 0)}
          onChange={(v) => option('last_agent_s', v ?? 0, 0)}
        />
      </div>

      <h3>{t('admin.queue.steps')}</h3>
      <StepsField
        steps={draft.steps ?? []}
        skills={skills}
        groups={groups}
        errorAt={errorAt}
        onChange={(steps) => change({ steps })}
      />

      <h3>{t('admin.queue.order')}</h3>
      <div className="form__grid">
        <NumberField
          {...field('priority_s')}
          unit={seconds}
          value={draft.priority_s ?? 0}
          onChange={(v) => change({ priority_s: v ?? 0 })}
        />
        <CheckField
          {...text('strict_priority')}
          value={own.strict_priority === true}
          onChange={(v) => option('strict_priority', v, false)}
        />
        <NumberField
          {...optional('weight')}
          min={0}
          value={numberOr(own.weight, 1)}
          onChange={(v) => option('weight', v ?? 1, 1)}
        />
        <NumberField
          {...optional('return_s')}
          unit={seconds}
          min={0}
          value={numberOr(own.return_s, 0)}
          onChange={(v) => option('return_s', v ?? 0, 0)}
        />
      </div>

      <h3>{t('admin.queue.times')}</h3>
      <div className="form__grid">
        <NumberField
          {...field('ring_timeout_s')}
          unit={seconds}
          min={1}
          value={draft.ring_timeout_s ?? 20}
          onChange={(v) => change({ ring_timeout_s: v ?? 20 })}
        />
        <SelectField
          {...optional('wrap_up')}
          value={stringOr(wrapUp.mode, '')}
          choices={WRAP_UPS.map((value) => ({
            value,
            name: t(`admin.queue.wrapUps.${value === '' ? 'standard' : value}`),
          }))}
          onChange={(v) => option('wrap_up', put(wrapUp, 'mode', v === '' ? undefined : v))}
        />
        <NumberField
          {...field('wrap_up_s')}
          unit={seconds}
          min={0}
          value={draft.wrap_up_s ?? 15}
          onChange={(v) => change({ wrap_up_s: v ?? 0 })}
        />
        <NumberField
          {...text('max_extension_s')}
          unit={seconds}
          min={0}
          value={numberOr(wrapUp.max_extension_s, 300)}
          onChange={(v) => option('wrap_up', put(wrapUp, 'max_extension_s', v ?? 300, 300))}
        />
        <NumberField
          {...field('service_level_s')}
          unit={seconds}
          min={0}
          value={draft.service_level_s ?? 20}
          onChange={(v) => change({ service_level_s: v ?? 20 })}
        />
        <NumberField
          {...field('service_level_target')}
          unit="%"
          min={0}
          max={100}
          value={Math.round((draft.service_level_target ?? 0.8) * 1000) / 10}
          onChange={(v) => change({ service_level_target: (v ?? 80) / 100 })}
        />
        <NumberField
          {...field('short_abandon_s')}
          unit={seconds}
          min={0}
          value={draft.short_abandon_s ?? 5}
          onChange={(v) => change({ short_abandon_s: v ?? 5 })}
        />
        <SelectField
          label={t('reports.formula')}
          hint={t('admin.routing.formulaHint')}
          error={errorAt('options.service_level_formula')}
          value={stringOr(own.service_level_formula, '')}
          choices={[{ value: '', name: t('reports.usual') }, ...FORMULAS.map((value) => ({ value, name: value }))]}
          onChange={(v) => option('service_level_formula', v, '')}
        />
      </div>

      <h3>{t('admin.queue.limits')}</h3>
      <div className="form__grid">
        <NumberField
          {...field('max_waiting')}
          min={0}
          step={1}
          value={draft.max_waiting ?? null}
          onChange={(v) => change({ max_waiting: v })}
        />
        <NumberField
          {...field('max_wait_s')}
          unit={seconds}
          min={0}
          value={draft.max_wait_s ?? null}
          onChange={(v) => change({ max_wait_s: v })}
        />
        <NumberField
          {...optional('no_agents_grace_s')}
          unit={seconds}
          min={0}
          value={numberOrNull(own.no_agents_grace_s)}
          onChange={(v) => option('no_agents_grace_s', v ?? undefined)}
        />
        <NumberField
          {...optional('forecast_limit_s')}
          unit={seconds}
          min={0}
          value={numberOrNull(own.forecast_limit_s)}
          onChange={(v) => option('forecast_limit_s', v ?? undefined)}
        />
        <CheckField {...text('open')} value={own.open !== false} onChange={(v) => option('open', v, true)} />
        <SelectField
          {...optional('hours')}
          value={hours}
          choices={[{ value: '', name: t('admin.queue.always') }, ...calendars.map((name) => ({ value: name, name }))]}
          onChange={(v) => option('hours', v === '' ? undefined : v)}
        />
        <CheckField {...text('roster')} value={own.roster === true} onChange={(v) => option('roster', v, false)} />
      </div>
      <OverflowField
        value={tree(own.overflow)}
        queues={queues.filter((one) => one.id !== queue.id)}
        errorAt={errorAt}
        onChange={(v) => option('overflow', Object.keys(v).length ? v : undefined)}
      />

      <h3>{t('admin.queue.callbacks')}</h3>
      <div className="form__grid">
        <NumberField
          {...text('max_attempts')}
          min={1}
          step={1}
          value={numberOr(callback.max_attempts, 3)}
          onChange={(v) => option('callback', put(callback, 'max_attempts', v ?? 3, 3))}
        />
        <NumberField
          {...text('quarantine_s')}
          unit={seconds}
          min={0}
          value={numberOr(callback.quarantine_s, 600)}
          onChange={(v) => option('callback', put(callback, 'quarantine_s', v ?? 600, 600))}
        />
        <NumberField
          {...text('expires_s')}
          unit={seconds}
          min={0}
          value={numberOr(callback.expires_s, 14400)}
          onChange={(v) => option('callback', put(callback, 'expires_s', v ?? 14400, 14400))}
        />
        <SelectField
          {...text('first')}
          value={stringOr(callback.first, 'agent')}
          choices={CALLBACK_FIRST.map((value) => ({ value, name: t(`admin.queue.callbackFirst.${value}`) }))}
          onChange={(v) => option('callback', put(callback, 'first', v, 'agent'))}
        />
      </div>

      <h3>{t('admin.queue.sound')}</h3>
      <div className="form__grid">
        <TextField {...field('music')} value={draft.music ?? 'default'} onChange={(music) => change({ music })} />
        <CheckField {...text('record')} value={draft.record ?? true} onChange={(record) => change({ record })} />
        <CheckField
          {...text('announce_agent')}
          value={draft.announce_agent ?? true}
          onChange={(v) => change({ announce_agent: v })}
        />
      </div>

      <SaveBar
        editor={editor}
        save={async (wanted) => editor.replace(await config.putQueue(wanted))}
        onSaved={(saved) => isNew && done(saved.id)}
        remove={isNew ? undefined : () => config.deleteQueue(queue.id, queue.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

const options = (queue: QueueSetup): Options => queue.options ?? {};
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
