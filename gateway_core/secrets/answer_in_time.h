// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/secrets/secret_store.h"

#include <functional>
#include <memory>
#include <utility>

namespace gatehouse {

/// `done`, made to come exactly once: with the first answer, or with SecretsUnavailable when
/// kSecretTimeout has passed without one. Later answers are dropped. Never if `context` is gone.
/// Thread: that of `context`.
template <typename T>
std::function<void(Result<T>)> answerInTime(Clock &clock, QObject *context,
                                            std::function<void(Result<T>)> done)
{
    auto waiting = std::make_shared<std::function<void(Result<T>)>>(std::move(done));
    auto answer = [waiting](Result<T> outcome) {
        if (const auto act = std::exchange(*waiting, {}))
            act(std::move(outcome));
    };
    clock.after(kSecretTimeout, context,
                [answer] { answer(failure(ErrorCode::SecretsUnavailable, "no answer in time")); });
    return answer;
}

} // namespace gatehouse
