// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/peer_facts.h"

#include "ui/models/foreign_text.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QGridLayout>

namespace gatehouse::ui {

namespace {

struct PeerFacts
{
    Q_DECLARE_TR_FUNCTIONS(PeerFacts)
};

} // namespace

void addPeerFacts(QGridLayout &grid, const PeerSummary &peer)
{
    const QString unknown = PeerFacts::tr("not known");
    const auto orUnknown = [&](const QString &text) { return text.isEmpty() ? unknown : foreignText(text); };
    addFact(grid, PeerFacts::tr("Program"), orUnknown(peer.program));
    addFact(grid, PeerFacts::tr("In folder"), orUnknown(peer.folder));
    QStringList parents;
    for (const QString &parent : peer.parents) {
        if (!parent.isEmpty()) // it could not be read, or had ended
            parents += foreignText(parent);
    }
    if (!parents.isEmpty())
        addFact(grid, PeerFacts::tr("Started by"), parents.join(QStringLiteral("  ←  ")));
    addFact(grid, PeerFacts::tr("Process"),
            peer.pid > 0 ? PeerFacts::tr("%1, of user %2").arg(peer.pid).arg(peer.uid) : unknown);
}

} // namespace gatehouse::ui
