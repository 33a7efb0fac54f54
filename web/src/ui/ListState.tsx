/** What a list shows while it has no rows to show. */

import { InboxOutlined, LoadingOutlined, WarningOutlined } from './icons.ts';
import { useTranslation } from 'react-i18next';
import { useProblemText } from './useProblemText.ts';

export function LoadingState() {
  const { t } = useTranslation();
  return (
    <div className="list-state" role="status">
      <LoadingOutlined />
      {t('common.loading')}
    </div>
  );
}

export function EmptyState({ text }: { text: string }) {
  return (
    <div className="list-state">
      <InboxOutlined />
      {text}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  return (
    <div className="list-state list-state--error" role="alert">
      <WarningOutlined />
      {problemText(error)}
      {onRetry && (
        <button type="button" className="button button--small" onClick={onRetry}>
          {t('common.retry')}
        </button>
      )}
    </div>
  );
}
