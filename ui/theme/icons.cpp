// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace gatehouse::ui {

namespace {

QByteArray drawing(const QString &name)
{
    static QHash<QString, QByteArray> read;
    const auto known = read.constFind(name);
    if (known != read.cend())
        return *known;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return *read.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
}

QPixmap tinted(const QString &name, const QColor &color, const QSize &size)
{
    const QString key = QStringLiteral("gatehouse %1 %2 %3").arg(name, color.name()).arg(size.width());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QByteArray svg = drawing(name);
    if (!svg.isEmpty()) {
        svg.replace("currentColor", color.name().toLatin1());
        QSvgRenderer renderer(svg);
        QPainter painter(&pixmap);
        renderer.render(&painter);
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class TonedEngine final : public QIconEngine
{
public:
    TonedEngine(const QString &name, Tone tone, bool onColor)
        : m_name(name)
        , m_tone(tone)
        , m_onColor(onColor)
    {
    }
    QIconEngine *clone() const override { return new TonedEngine(m_name, m_tone, m_onColor); }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return tinted(m_name, color(mode), size);
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(*painter, rect, m_name, color(mode));
    }

private:
    [[nodiscard]] QColor color(QIcon::Mode mode) const
    {
        if (mode == QIcon::Disabled)
            return colors().muted;
        if (m_onColor)
            return m_tone == Tone::Bad ? colors().onBad : colors().onAccent;
        return toneColor(m_tone);
    }
    QString m_name;
    Tone m_tone;
    bool m_onColor;
};

} // namespace

QIcon icon(const QString &name, Tone tone, bool onColor)
{
    return QIcon(new TonedEngine(name, tone, onColor));
}

void paintIcon(QPainter &painter, const QRect &where, const QString &name, const QColor &color)
{
    if (name.isEmpty())
        return;
    const qreal ratio = painter.device() ? painter.device()->devicePixelRatioF() : 1.0;
    QPixmap pixmap = tinted(name, color, where.size() * ratio);
    pixmap.setDevicePixelRatio(ratio);
    painter.drawPixmap(where.topLeft(), pixmap);
}

} // namespace gatehouse::ui
