/** Asks once more before something that cannot be taken back. */

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog.tsx';

interface Props {
  title: string;
  text: string;
  open: boolean;
  confirm: ReactNode;
  testId: string;
  onConfirm: () => void;
  onClose: () => void;
}

export function Question({ title, text, open, confirm, testId, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      open={open}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="button" className="button button--danger" data-testid={testId} onClick={onConfirm}>
            {confirm}
          </button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
