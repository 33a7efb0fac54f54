import { TranslationOutlined, WarningFilled } from '../../ui/icons.ts';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignIn } from '../../api/session.ts';
import { setLanguage, usePreferences } from '../../app/preferences.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import './sign_in.css';

export function SignIn() {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const signIn = useSignIn();
  const language = usePreferences((state) => state.language);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    signIn.mutate({ login, password });
  };

  return (
    <main className="sign-in">
      <form className="sign-in__card panel" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width={48} height={48} />
        <div>
          <h1>{t('app.name')}</h1>
          <p>{t('app.tagline')}</p>
        </div>
        <label>
          <span className="field-label">{t('signIn.login')}</span>
          <input
            className="field"
            data-testid="login-name"
            name="username"
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
            autoFocus
            required
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        </label>
        <label>
          <span className="field-label">{t('signIn.password')}</span>
          <input
            className="field"
            data-testid="login-password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {signIn.error && (
          <p className="sign-in__error" role="alert" data-testid="login-error">
            <WarningFilled /> {problemText(signIn.error)}
          </p>
        )}
        <button
          type="submit"
          className="button button--primary button--large"
          data-testid="login-submit"
          data-pending={signIn.isPending}
          disabled={signIn.isPending}
        >
          {signIn.isPending ? t('signIn.submitting') : t('signIn.submit')}
        </button>
        <p className="sign-in__hint">{t('signIn.hint')}</p>
      </form>
      <button
        type="button"
        className="button button--quiet sign-in__language"
        data-testid="language-switch"
        onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}
      >
        <TranslationOutlined /> {t('user.language')}
      </button>
    </main>
  );
}
