// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QObject>

#include <string>
#include <vector>

namespace gatehouse {

struct ContractFinding
{
    std::string route; ///< "POST /issues"
    std::string what; ///< "the same key again gives the first answer"
    std::string difference; ///< empty: as the contract has it
};

/// Walks the adapter contract against a real Tasker, in a scratch project of the owner's: it creates an
/// issue there, changes it in every way that the contract knows, and compares. The issue stays.
/// Thread: main.
class ContractCheck final : public QObject
{
    Q_OBJECT

public:
    /// `project` is an id or an identifier. The references must outlive this object.
    ContractCheck(TaskerClient &tasker, Random &random, std::string project, QObject *parent = nullptr);

    void run();
    [[nodiscard]] const std::vector<ContractFinding> &findings() const { return m_findings; }

signals:
    void found(const gatehouse::ContractFinding &finding);
    void ended();

private:
    void next();

    TaskerClient &m_tasker;
    Random &m_random;
    std::size_t m_at = 0;
    std::vector<ContractFinding> m_findings;

public:
    /// What earlier probes learned, for later ones.
    struct Known
    {
        std::string wanted; ///< the project as the person named it
        std::string run; ///< makes this run's names and keys its own
        Json project, context, issue, comment;
    };

private:
    Known m_known;
};

} // namespace gatehouse
