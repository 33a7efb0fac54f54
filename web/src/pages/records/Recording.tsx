/** One recording. Its sound is fetched only when somebody asks to hear it: every listening is logged. */

import { DownloadOutlined, PlayCircleFilled, WarningFilled } from '../../ui/icons.ts';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import type { RecordingRow } from '../../api/types.ts';
import { clockDuration, fileSize } from '../../time/format.ts';
import { LoadingState } from '../../ui/ListState.tsx';
import type { PlayerProps } from './Player.tsx';

const Player = lazy(() => import('./Player.tsx'));

interface Props extends Pick<PlayerProps, 'stretches' | 'onHeard' | 'onOpen'> {
  recording: RecordingRow;
}

export function Recording({ recording, ...picture }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState(false);

  if (recording.status === 'lost') {
    return (
      <p className="recording recording--warning" data-tone="danger">
        <WarningFilled /> {t('records.recordingLost')}
      </p>
    );
  }
  if (recording.status === 'removed') return <p className="recording">{t('records.recordingRemoved')}</p>;
  return (
    <div className="recording" data-testid={`recording-${recording.id}`}>
      {open ? (
        <Suspense fallback={<LoadingState />}>
          <Player url={api.audioUrl(recording.id)} startedAt={recording.started_at} {...picture} />
        </Suspense>
      ) : (
        <button
          type="button"
          className="button button--primary"
          data-testid="recording-play"
          onClick={() => setOpen(true)}
        >
          <PlayCircleFilled /> {t('records.play')} {clockDuration(recording.duration_ms / 1000)}
        </button>
      )}
      <div className="recording__foot">
        <span>{t('records.audited')}</span>
        {recording.status === 'mismatch' && (
          <span className="recording--warning" data-tone="danger">
            <WarningFilled /> {t('records.mismatch')}
          </span>
        )}
        {maySupervise(user.role) && (
          <a href={`${api.audioUrl(recording.id)}?download=true`} download={`${recording.call_id}.wav`}>
            <DownloadOutlined /> {t('records.download')} {fileSize(recording.size_bytes)}
          </a>
        )}
      </div>
    </div>
  );
}
