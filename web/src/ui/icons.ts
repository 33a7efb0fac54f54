/**
 * The icons of the pages. Each stands beside its word, so they are hidden from screen readers, which would otherwise
 * read out their English file names; an icon that stands alone gets a label and `aria-hidden={false}`.
 */

import * as icons from '@ant-design/icons';
import { type ComponentProps, type ComponentType, createElement } from 'react';

type IconProps = ComponentProps<typeof icons.PhoneFilled>;

function decorative(Icon: ComponentType<IconProps>): ComponentType<IconProps> {
  return function DecorativeIcon(props) {
    return createElement(Icon, { 'aria-hidden': true, ...props });
  };
}

export const ApiOutlined = decorative(icons.ApiOutlined);
export const ArrowLeftOutlined = decorative(icons.ArrowLeftOutlined);
export const ArrowUpOutlined = decorative(icons.ArrowUpOutlined);
export const BellFilled = decorative(icons.BellFilled);
export const BookOutlined = decorative(icons.BookOutlined);
export const BranchesOutlined = decorative(icons.BranchesOutlined);
export const CheckCircleFilled = decorative(icons.CheckCircleFilled);
export const CheckCircleOutlined = decorative(icons.CheckCircleOutlined);
export const CheckOutlined = decorative(icons.CheckOutlined);
export const ClockCircleOutlined = decorative(icons.ClockCircleOutlined);
export const CloseCircleFilled = decorative(icons.CloseCircleFilled);
export const CloseCircleOutlined = decorative(icons.CloseCircleOutlined);
export const CloseOutlined = decorative(icons.CloseOutlined);
export const CloudSyncOutlined = decorative(icons.CloudSyncOutlined);
export const CoffeeOutlined = decorative(icons.CoffeeOutlined);
export const CopyOutlined = decorative(icons.CopyOutlined);
export const CustomerServiceFilled = decorative(icons.CustomerServiceFilled);
export const CustomerServiceOutlined = decorative(icons.CustomerServiceOutlined);
export const DashboardOutlined = decorative(icons.DashboardOutlined);
export const DisconnectOutlined = decorative(icons.DisconnectOutlined);
export const DownOutlined = decorative(icons.DownOutlined);
export const DownloadOutlined = decorative(icons.DownloadOutlined);
export const EditFilled = decorative(icons.EditFilled);
export const EnvironmentOutlined = decorative(icons.EnvironmentOutlined);
export const ExclamationCircleFilled = decorative(icons.ExclamationCircleFilled);
export const ExportOutlined = decorative(icons.ExportOutlined);
export const EyeInvisibleOutlined = decorative(icons.EyeInvisibleOutlined);
export const FileSearchOutlined = decorative(icons.FileSearchOutlined);
export const FormOutlined = decorative(icons.FormOutlined);
export const FullscreenExitOutlined = decorative(icons.FullscreenExitOutlined);
export const FullscreenOutlined = decorative(icons.FullscreenOutlined);
export const HistoryOutlined = decorative(icons.HistoryOutlined);
export const InboxOutlined = decorative(icons.InboxOutlined);
export const LoadingOutlined = decorative(icons.LoadingOutlined);
export const LogoutOutlined = decorative(icons.LogoutOutlined);
export const MinusCircleOutlined = decorative(icons.MinusCircleOutlined);
export const MoonOutlined = decorative(icons.MoonOutlined);
export const MutedOutlined = decorative(icons.MutedOutlined);
export const NumberOutlined = decorative(icons.NumberOutlined);
export const PauseCircleFilled = decorative(icons.PauseCircleFilled);
export const PhoneFilled = decorative(icons.PhoneFilled);
export const PlayCircleFilled = decorative(icons.PlayCircleFilled);
export const BarChartOutlined = decorative(icons.BarChartOutlined);
export const QuestionCircleOutlined = decorative(icons.QuestionCircleOutlined);
export const RobotOutlined = decorative(icons.RobotOutlined);
export const SaveOutlined = decorative(icons.SaveOutlined);
export const PlusOutlined = decorative(icons.PlusOutlined);
export const SettingOutlined = decorative(icons.SettingOutlined);
export const DeleteOutlined = decorative(icons.DeleteOutlined);
export const SkinOutlined = decorative(icons.SkinOutlined);
export const SoundOutlined = decorative(icons.SoundOutlined);
export const SunOutlined = decorative(icons.SunOutlined);
export const SyncOutlined = decorative(icons.SyncOutlined);
export const TeamOutlined = decorative(icons.TeamOutlined);
export const TranslationOutlined = decorative(icons.TranslationOutlined);
export const UploadOutlined = decorative(icons.UploadOutlined);
export const WarningFilled = decorative(icons.WarningFilled);
export const WarningOutlined = decorative(icons.WarningOutlined);
export const WifiOutlined = decorative(icons.WifiOutlined);
export const CarOutlined = decorative(icons.CarOutlined);
export const FireFilled = decorative(icons.FireFilled);
export const ToolFilled = decorative(icons.ToolFilled);
export const LikeOutlined = decorative(icons.LikeOutlined);
export const DislikeOutlined = decorative(icons.DislikeOutlined);
export const PrinterOutlined = decorative(icons.PrinterOutlined);
export const PaperClipOutlined = decorative(icons.PaperClipOutlined);
export const ContactsOutlined = decorative(icons.ContactsOutlined);
export const FileTextOutlined = decorative(icons.FileTextOutlined);
export const MessageOutlined = decorative(icons.MessageOutlined);
export const CameraOutlined = decorative(icons.CameraOutlined);
export const NotificationOutlined = decorative(icons.NotificationOutlined);
export const ReadOutlined = decorative(icons.ReadOutlined);
export const ProfileOutlined = decorative(icons.ProfileOutlined);
export const SolutionOutlined = decorative(icons.SolutionOutlined);
export const SafetyCertificateOutlined = decorative(icons.SafetyCertificateOutlined);
export const IdcardOutlined = decorative(icons.IdcardOutlined);
export const SearchOutlined = decorative(icons.SearchOutlined);
export const MergeOutlined = decorative(icons.MergeOutlined);
export const ReloadOutlined = decorative(icons.ReloadOutlined);
export const MobileOutlined = decorative(icons.MobileOutlined);
export const AudioMutedOutlined = decorative(icons.AudioMutedOutlined);
export const AudioOutlined = decorative(icons.AudioOutlined);
export const RedoOutlined = decorative(icons.RedoOutlined);
export const RightOutlined = decorative(icons.RightOutlined);
export const SmileOutlined = decorative(icons.SmileOutlined);
export const StopOutlined = decorative(icons.StopOutlined);
export const SwapOutlined = decorative(icons.SwapOutlined);
export const UserDeleteOutlined = decorative(icons.UserDeleteOutlined);
export const UserSwitchOutlined = decorative(icons.UserSwitchOutlined);
export const EyeOutlined = decorative(icons.EyeOutlined);
export const RiseOutlined = decorative(icons.RiseOutlined);
export const AlertFilled = decorative(icons.AlertFilled);
