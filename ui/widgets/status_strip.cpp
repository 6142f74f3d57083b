// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/status_strip.h"

#include "ui/theme/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/mark_label.h"

#include <QHBoxLayout>

namespace gatehouse::ui {

StatusStrip::StatusStrip(GatewayModel &model, QWidget *parent)
    : QFrame(parent)
    , m_model(model)
    , m_mode(new MarkLabel)
    , m_where(plainLabel({}, "muted"))
    , m_toggle(button({}, "strong"))
    , m_stop(button(tr("Stop everything"), "danger", QStringLiteral("stop")))
{
    setProperty("role", QStringLiteral("strip"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(24, 10, 24, 10);
    row->setSpacing(12);
    row->addWidget(m_mode);
    row->addWidget(m_where, 1);
    row->addWidget(m_toggle);
    row->addWidget(m_stop);
    m_where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_toggle->setShortcut(QKeySequence(QStringLiteral("Ctrl+P")));
    connect(&model, &GatewayModel::changed, this, &StatusStrip::refresh);
    connect(m_toggle, &QPushButton::clicked, this, [this] {
        if (m_model.isRunning())
            m_model.pause();
        else
            m_model.resume();
    });
    connect(m_stop, &QPushButton::clicked, this, &StatusStrip::stopAsked);
    refresh();
}

void StatusStrip::refresh()
{
    const bool running = m_model.isRunning();
    const QKeySequence shortcut = m_toggle->shortcut();
    m_mode->setMark(m_model.mode());
    m_where->setText(m_model.whereabouts());
    m_toggle->setText(running || !m_model.canChangeMode() ? tr("Pause all") : tr("Resume"));
    m_toggle->setIcon(
        icon(running || !m_model.canChangeMode() ? QStringLiteral("pause") : QStringLiteral("play")));
    m_toggle->setShortcut(shortcut); // setText clears it
    m_toggle->setEnabled(m_model.canChangeMode());
    m_stop->setEnabled(m_model.canChangeMode());
}

} // namespace gatehouse::ui
