/** Short messages at the foot of the page; errors stay until they are closed, the rest goes by itself. */

import { CheckCircleFilled, CloseOutlined, WarningFilled } from './icons.ts';
import { useTranslation } from 'react-i18next';
import { dismissToast, useToasts } from './toasts.ts';
import './toasts.css';

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite" data-testid="toasts">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast" data-tone={toast.kind === 'error' ? 'danger' : 'ready'}>
          {toast.kind === 'error' ? <WarningFilled /> : <CheckCircleFilled />}
          <span>{toast.text}</span>
          <button
            type="button"
            className="toast__close"
            aria-label={t('common.close')}
            onClick={() => dismissToast(toast.id)}
          >
            <CloseOutlined />
          </button>
        </div>
      ))}
    </div>
  );
}
