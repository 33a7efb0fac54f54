/** One agent, and one user who may sign in. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AgentSetup, config, type PhonePassword, useConfig, type UserSetup } from '../../api/config.ts';
import { useSession } from '../../api/session.ts';
import { asProblem } from '../../api/problem.ts';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { CheckField, LevelsField, NumberField, SelectField, TextField, TicksField } from './fields.tsx';
import { numberOr, put } from './options.ts';
import { SaveBar } from './SaveBar.tsx';
import { useChoices } from './useChoices.ts';
import { useEditor } from './useEditor.ts';

interface Props<T> {
  isNew: boolean;
  done: (key: string | null) => void;
  object: T;
}

export function AgentForm({ object: agent, isNew, done }: Props<AgentSetup>) {
  const { t } = useTranslation();
  const editor = useEditor(agent);
  const { draft, change, errorAt } = editor;
  const { skills, teams, groups } = useChoices();
  const users = useConfig('users').data ?? [];
  const own = draft.options ?? {};
  const field = (name: string) => ({
    label: t(`admin.agent.label.${name}` as 'admin.agent.label.number'),
    hint: t(`admin.agent.hint.${name}` as 'admin.agent.hint.number'),
    error: errorAt(name) ?? errorAt(`options.${name}`),
  });
  const none = { value: '', name: t('common.none') };
  return (
    <form className="form" data-testid="agent-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.agent.new') : `${agent.name} · ${agent.number}`}</h2>
      <div className="form__grid">
        <TextField {...field('number')} value={draft.number} onChange={(number) => change({ number })} />
        <TextField {...field('name')} value={draft.name} onChange={(name) => change({ name })} />
        <TextField {...field('extension')} value={draft.extension} onChange={(extension) => change({ extension })} />
        <SelectField
          {...field('team')}
          value={draft.team ?? ''}
          choices={[none, ...teams]}
          onChange={(v) => change({ team: v || null })}
        />
        <SelectField
          {...field('user_id')}
          value={String(draft.user_id ?? '')}
          choices={[none, ...users.map((user) => ({ value: String(user.id), name: `${user.login} ${user.name}` }))]}
          onChange={(v) => change({ user_id: v === '' ? null : Number(v) })}
        />
        <LevelsField
          {...field('skills')}
          value={draft.skills ?? {}}
          choices={skills}
          onChange={(v) => change({ skills: v })}
        />
        <CheckField
          {...field('auto_answer')}
          value={draft.auto_answer ?? false}
          onChange={(v) => change({ auto_answer: v })}
        />
        <CheckField {...field('webrtc')} value={draft.webrtc ?? false} onChange={(v) => change({ webrtc: v })} />
        <NumberField
          {...field('order')}
          step={1}
          value={numberOr(own.order, 0)}
          onChange={(v) => change({ options: put(own, 'order', v ?? 0, 0) })}
        />
        <NumberField
          {...field('weight')}
          min={0}
          value={numberOr(own.weight, 1)}
          onChange={(v) => change({ options: put(own, 'weight', v ?? 1, 1) })}
        />
        <TicksField
          {...field('groups')}
          value={(own.groups as string[] | undefined) ?? []}
          choices={groups}
          onChange={(v) => change({ options: put(own, 'groups', v.length ? v : undefined) })}
        />
        {!isNew && (
          <CheckField {...field('retired')} value={draft.retired ?? false} onChange={(v) => change({ retired: v })} />
        )}
      </div>
      {!isNew && <NewPhonePassword agentId={agent.id} />}
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          const stored = await config.putAgent(wanted);
          editor.replace(stored);
          if (isNew) done(String(stored.id));
        }}
      />
    </form>
  );
}

function NewPhonePassword({ agentId }: { agentId: number }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [made, setMade] = useState<PhonePassword | null>(null);
  const renew = async (): Promise<void> => {
    try {
      setMade(await config.renewPhonePassword(agentId));
    } catch (error) {
      showToast('error', problemText(asProblem(error)));
    }
  };
  return (
    <div className="form__group">
      <span className="field-label">{t('admin.agent.phonePassword')}</span>
      <div className="form__row">
        <button
          type="button"
          className="button button--small"
          data-testid="renew-phone-password"
          onClick={() => void renew()}
        >
          {t('admin.agent.renew')}
        </button>
        {made && (
          <output data-testid="phone-password">
            {made.extension} / <code>{made.sip_password}</code>
          </output>
        )}
      </div>
      <small className="form__hint">{t('admin.agent.renewHint')}</small>
    </div>
  );
}

const ROLES = ['agent', 'supervisor', 'ops', 'admin'] as const;

export function UserForm({ object: user, isNew, done }: Props<UserSetup>) {
  const { t } = useTranslation();
  const { user: me } = useSession();
  const editor = useEditor({ ...user, password: '' });
  const { draft, change, errorAt } = editor;
  const { teams } = useChoices();
  const field = (name: string) => ({
    label: t(`admin.user.label.${name}` as 'admin.user.label.login'),
    hint: t(`admin.user.hint.${name}` as 'admin.user.hint.login'),
    error: errorAt(name),
  });
  const roles = me.role === 'admin' ? ROLES : ROLES.slice(0, 2);
  return (
    <form className="form" data-testid="user-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.user.new') : `${user.name} · ${user.login}`}</h2>
      <div className="form__grid">
        <TextField {...field('login')} value={draft.login} onChange={(login) => change({ login })} />
        <TextField {...field('name')} value={draft.name} onChange={(name) => change({ name })} />
        <SelectField
          {...field('role')}
          value={draft.role}
          choices={[...new Set([...roles, draft.role])].map((role) => ({ value: role, name: t(`user.roles.${role}`) }))}
          onChange={(role) => change({ role: role as UserSetup['role'] })}
        />
        <SelectField
          {...field('team')}
          value={draft.team ?? ''}
          choices={[{ value: '', name: t('common.none') }, ...teams]}
          onChange={(v) => change({ team: v || null })}
        />
        <SelectField
          {...field('language')}
          value={draft.language ?? 'zh-CN'}
          choices={[
            { value: 'zh-CN', name: t('admin.chinese') },
            { value: 'en', name: 'English' },
          ]}
          onChange={(language) => change({ language })}
        />
        <TextField {...field('password')} value={draft.password} onChange={(password) => change({ password })} />
        <CheckField {...field('disabled')} value={draft.disabled ?? false} onChange={(v) => change({ disabled: v })} />
      </div>
      <SaveBar
        editor={editor}
        save={async ({ password, ...wanted }) => {
          const stored = await config.putUser(wanted, password);
          editor.replace({ ...stored, password: '' });
          if (isNew) done(String(stored.id));
        }}
      />
    </form>
  );
}
