/** A failing page must not take the others, or the agent's feed, with it. */

import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function Crashed() {
  const { t } = useTranslation();
  return (
    <div className="list-state list-state--error" role="alert">
      {t('common.crashed')}
      <button type="button" className="button" onClick={() => location.reload()}>
        {t('common.reload')}
      </button>
    </div>
  );
}

export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}
