import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';
import { HOTKEYS } from './keys.ts';
import './sheet.css';

export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('shortcuts.title')} open={open} onClose={onClose} wide>
      <dl className="sheet" data-testid="shortcut-sheet">
        {HOTKEYS.map(({ action, label }) => (
          <div key={action} className="sheet__row">
            <dt>{t(`shortcuts.${action}`)}</dt>
            <dd>
              {label.split(' ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p className="sheet__note">{t('shortcuts.note')}</p>
    </Dialog>
  );
}
