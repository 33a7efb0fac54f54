import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled, MinusCircleOutlined } from '../../ui/icons.ts';
import { useTranslation } from 'react-i18next';
import type { Tone } from '../../ui/tones.ts';
import type { Standing } from './targets.ts';

const LOOK: Record<Standing, { tone: Tone; Icon: typeof CheckCircleFilled }> = {
  ok: { tone: 'ready', Icon: CheckCircleFilled },
  near: { tone: 'ringing', Icon: ExclamationCircleFilled },
  missed: { tone: 'danger', Icon: CloseCircleFilled },
  noData: { tone: 'neutral', Icon: MinusCircleOutlined },
};

export function StandingMark({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const { tone, Icon } = LOOK[standing];
  return (
    <span className="wb-standing" data-tone={tone}>
      <Icon /> {t(`wallboard.${standing}`)}
    </span>
  );
}
