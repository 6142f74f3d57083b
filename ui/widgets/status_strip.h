// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/gateway_model.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class MarkLabel;

/// On top of every page: the mode, where the gateway is, *Pause all* or *Resume*, and *Stop everything*.
/// Thread: ui.
class StatusStrip final : public QFrame
{
    Q_OBJECT

public:
    explicit StatusStrip(GatewayModel &model, QWidget *parent = nullptr);

signals:
    void stopAsked();

private:
    void refresh();

    GatewayModel &m_model;
    MarkLabel *m_mode;
    QLabel *m_where;
    QPushButton *m_toggle, *m_stop;
};

} // namespace gatehouse::ui
