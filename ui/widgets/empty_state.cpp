// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include "ui/theme/icons.h"
#include "ui/widgets/labels.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QVBoxLayout>

namespace gatehouse::ui {

EmptyState::EmptyState(QAbstractItemView *view, const QString &iconName, const QString &sentence)
    : QWidget(view->viewport())
    , m_view(view)
    , m_text(wrappedLabel(sentence, "muted"))
{
    auto *column = new QVBoxLayout(this);
    QLabel *picture = plainLabel({});
    picture->setPixmap(icon(iconName, Tone::Muted).pixmap(32, 32));
    picture->setAlignment(Qt::AlignCenter);
    m_text->setAlignment(Qt::AlignCenter);
    column->addStretch();
    column->addWidget(picture);
    column->addWidget(m_text);
    column->addStretch();
    setAttribute(Qt::WA_TransparentForMouseEvents);
    view->viewport()->installEventFilter(this);
    const QAbstractItemModel *model = view->model();
    connect(model, &QAbstractItemModel::rowsInserted, this, &EmptyState::refresh);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &EmptyState::refresh);
    connect(model, &QAbstractItemModel::modelReset, this, &EmptyState::refresh);
    refresh();
}

void EmptyState::setSentence(const QString &sentence)
{
    m_text->setText(sentence);
}

void EmptyState::refresh()
{
    setGeometry(m_view->viewport()->rect());
    setVisible(m_view->model()->rowCount() == 0);
}

bool EmptyState::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        setGeometry(m_view->viewport()->rect());
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::ui
