/** Photos and files of an order; on a phone the camera is offered. */

import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type OrderDetails } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { fileSize, shortInstant } from '../../../time/format.ts';
import { serverNow } from '../../../time/clock.ts';
import { CameraOutlined, PaperClipOutlined } from '../../../ui/icons.ts';
import { showToast } from '../../../ui/toasts.ts';
import { Refusal } from '../form.tsx';
import { useSend } from '../useSend.ts';

const TAKEN = 'image/jpeg,image/png,image/webp,application/pdf,audio/wav';

export function Attachments({ order, camera = false }: { order: OrderDetails; camera?: boolean }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const input = useRef<HTMLInputElement>(null);
  const [under, setUnder] = useState('');
  const { busy, problem, send } = useSend();

  const add = async (files: File[]): Promise<void> => {
    for (const file of files) {
      setUnder(file.name);
      if (!(await send(() => deskApi.attach(order.id, file)))) break;
      showToast('info', t('desk.detail.attached', { name: file.name }));
    }
    setUnder('');
    readAgain('work_order');
  };

  return (
    <>
      {order.attachments.length === 0 && <p className="quiet">{t('desk.detail.noAttachments')}</p>}
      <ul className="desk-attachments">
        {order.attachments.map((attachment) => {
          const url = deskApi.attachmentUrl(order.id, attachment.id);
          return (
            <li key={attachment.id}>
              <a href={url} target="_blank" rel="noreferrer">
                {attachment.media_type.startsWith('image/') ? (
                  <img src={url} alt={attachment.name} loading="lazy" width={64} height={64} />
                ) : (
                  <PaperClipOutlined />
                )}
                <span>
                  {attachment.name}
                  <small className="quiet">
                    {attachment.actor} · {shortInstant(attachment.at, serverNow())} · {fileSize(attachment.size_bytes)}
                  </small>
                </span>
              </a>
            </li>
          );
        })}
      </ul>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('desk.detail.addAttachment')}
        data-testid="attachment-input"
        multiple
        accept={camera ? 'image/*' : TAKEN}
        {...(camera && { capture: 'environment' as const })}
        onChange={(event) => {
          void add([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <button
        type="button"
        className={camera ? 'button button--large desk-noprint' : 'button button--small desk-noprint'}
        data-pending={busy}
        disabled={busy}
        onClick={() => input.current?.click()}
      >
        {camera ? <CameraOutlined /> : <PaperClipOutlined />}{' '}
        {under || t(camera ? 'desk.inbox.photo' : 'desk.detail.addAttachment')}
      </button>
      <Refusal text={problem} />
    </>
  );
}
