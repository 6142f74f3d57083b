// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusVariant>
#include <QObject>

class QPalette;

namespace gatehouse::ui {

/// Is the desktop dark? Asked of the settings portal (org.freedesktop.appearance, color-scheme), which also
/// tells of changes; without a portal the palette that the desktop gave at the start decides. Never waits.
/// Thread: ui.
class SystemAppearance final : public QObject
{
    Q_OBJECT

public:
    SystemAppearance(const QPalette &given, QObject *parent);

    [[nodiscard]] bool isDark() const { return m_dark; }

signals:
    void changed();

private slots:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void take(const QVariant &scheme);

    bool m_dark = false;
};

} // namespace gatehouse::ui
