// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/redaction.h"

#include <QRegularExpression>

#include <array>

namespace gatehouse {

namespace {

struct Rule
{
    QRegularExpression pattern;
    QString with;
};

QRegularExpression ignoringCase(const QString &pattern)
{
    return QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption);
}

/// In this order: what a name gives away goes whole, before its parts could be taken for something else.
const std::array<Rule, 11> &rules()
{
    static const std::array<Rule, 11> kRules{
        Rule{ QRegularExpression(QStringLiteral("-----BEGIN [^-]*PRIVATE KEY-----.*?(-----END [^-]*-----|$)"),
                                 QRegularExpression::DotMatchesEverythingOption),
              QStringLiteral("<key>") },
        Rule{ ignoringCase(QStringLiteral("\\b(bearer|basic|digest|dpop)(\\s+)[^\\s\"',]+")),
              QStringLiteral("\\1\\2<secret>") },
        Rule{
            ignoringCase(QStringLiteral(
                "\\b((?:proxy-)?authorization|(?:set-)?cookie|x-step-up-token|[a-z_-]*(?:password|passphrase|"
                "passwd|secret|token|credential|api[_-]?key|verifier)|ticket)"
                "([\"']?\\s*=\\s*|[\"']\\s*:\\s*|:\\s+(?=\\S*[\\d._~+/"
                "=-]))(\"[^\"]*\"|'[^']*'|[^\\s&,;}\"']+)")),
            QStringLiteral("\\1\\2<secret>") },
        Rule{ ignoringCase(QStringLiteral("\\b(code)([\"']?\\s*[=:]\\s*[\"']?)[a-z0-9._~+/-]{8,}")),
              QStringLiteral("\\1\\2<secret>") },
        Rule{ ignoringCase(QStringLiteral("\\b(pins?)(\\W{1,3}|\\s+(?:is|was)\\s+)[0-9]{4,}")),
              QStringLiteral("\\1\\2<secret>") },
        Rule{ QRegularExpression(QStringLiteral("gh_[a-z]+_[A-Za-z0-9_-]*")), QStringLiteral("<token>") },
        Rule{ QRegularExpression(QStringLiteral("\\beyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)?")),
              QStringLiteral("<token>") },
        Rule{ QRegularExpression(QStringLiteral("://[^/@\\s]*@")), QStringLiteral("://<who>@") },
        Rule{ QRegularExpression(QStringLiteral("[^\\s@<>:/]+@[^\\s@<>/]+\\.[^\\s@<>/]+")),
              QStringLiteral("<e-mail>") },
        Rule{ QRegularExpression(QStringLiteral("\\b[B-DF-HJ-NP-TV-XZ]{4}-?[B-DF-HJ-NP-TV-XZ]{4}\\b")),
              QStringLiteral("<code>") },
        Rule{ QRegularExpression(QStringLiteral("[A-Za-z0-9+/]{20,}={1,2}")), QStringLiteral("<long>") },
    };
    return kRules;
}

} // namespace

std::string withoutSecrets(const std::string &text)
{
    QString result = QString::fromStdString(text);
    for (const Rule &rule : rules())
        result.replace(rule.pattern, rule.with);
    // A UUID names a request, a call or a thing of ours, and opens nothing.
    static const QRegularExpression kLong(QStringLiteral(
        "\\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\\b(*SKIP)(*FAIL)|[A-Za-z0-9+_=-]{32,}"));
    result.replace(kLong, QStringLiteral("<long>"));
    return result.toStdString();
}

} // namespace gatehouse
